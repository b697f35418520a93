/** Hands a file that the page has got or made to the person. */

export function saveFile(blob: Blob, filename: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = filename;
  link.click();
  // The download has its own hold on the blob once the click is handled.
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
