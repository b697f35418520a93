/** Hands a text that the page has made to the person as a file. */

export function saveFile(content: string, mediaType: string, filename: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = document.createElement("a");
  link.href = address;
  link.download = filename;
  link.click();
  // The download has its own hold on the blob once the click is handled.
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
