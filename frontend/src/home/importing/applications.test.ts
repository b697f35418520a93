import { describe, expect, it } from "vitest";
import type { Entry } from "@/api/types";
import { groupApplications, isDownload, listArguments } from "@/home/importing/applications";

function makeEntry(class_name: string, category: string, names: readonly string[] = []): Entry {
  const args = names.map((name) => ({ name, kinds: ["json" as const] }));
  return { class_name, category, arguments: args } as unknown as Entry;
}

describe("architectures", () => {
  it("are listed by family, in the catalogue's order", () => {
    const entries = [
      makeEntry("VGG16", "Vgg16"),
      makeEntry("ResNet50", "Resnet"),
      makeEntry("ResNet101", "Resnet"),
    ];
    expect(groupApplications(entries)).toEqual([
      { group: "Vgg16", items: ["VGG16"] },
      { group: "Resnet", items: ["ResNet50", "ResNet101"] },
    ]);
  });

  it("are asked for without what a document cannot give", () => {
    const entry = makeEntry("VGG16", "Vgg16", ["include_top", "input_tensor", "classes", "name"]);
    expect(listArguments(entry).map(({ name }) => name)).toEqual(["include_top", "classes"]);
  });

  it("need a download only where weights are named", () => {
    expect([isDownload({}), isDownload({ weights: null }), isDownload({ weights: "imagenet" })]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
