import Foundation
import TestSupport
import Testing

@testable import Files

@Suite("Names in another Unicode form")
struct SpelledNamesTests {
  private static let composed = "F\u{E9}vrier"
  private static let decomposed = "Fe\u{301}vrier"

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func find(_ path: String) throws -> [UInt8] {
    var names = SpelledNames(FileRoots(roots: [folder("inbox")], forbidden: [folder("inbox/state")]))
    return Array(try names.path(for: folder(path)).utf8)
  }

  private func bytes(_ path: String) -> [UInt8] { Array(folder(path).utf8) }

  @Test("the one file with the name is found in either form, and through folders")
  func one() throws {
    try folder.write("inbox/\(Self.decomposed)/\(Self.decomposed).pdf", "%PDF-".utf8)
    try folder.write("inbox/\(Self.composed)2.pdf", "%PDF-".utf8)
    #expect(
      try find("inbox/\(Self.composed)/\(Self.composed).pdf")
        == bytes("inbox/\(Self.decomposed)/\(Self.decomposed).pdf"))
    #expect(
      try find("inbox/./x/../\(Self.decomposed)2.pdf") == bytes("inbox/./x/../\(Self.decomposed)2.pdf"),
      "a folder that is not there is not looked into")
    #expect(try find("inbox//\(Self.composed)2.pdf") == bytes("inbox//\(Self.composed)2.pdf"))
    #expect(try find("inbox/\(Self.decomposed)2.pdf") == bytes("inbox/\(Self.composed)2.pdf"))
    #expect(try find("inbox/\(Self.composed)3.pdf") == bytes("inbox/\(Self.composed)3.pdf"))
  }

  @Test("two files with the name are an error, though one is spelled as it is asked for")
  func two() throws {
    for name in [Self.composed, Self.decomposed] { try folder.write("inbox/\(name).pdf", "%PDF-".utf8) }
    for name in [Self.composed, Self.decomposed] {
      #expect(throws: SpelledNames.Ambiguity(folder: folder("inbox"), name: "\(Self.composed).pdf")) {
        try find("inbox/\(name).pdf")
      }
    }
  }

  @Test("no folder outside the roots is looked into, not through a link either")
  func outside() throws {
    for name in ["outside", "inbox/state"] { try folder.write("\(name)/\(Self.decomposed).pdf", "%PDF-".utf8) }
    symlink(folder("outside"), folder("inbox/link"))
    for name in ["outside", "inbox/state", "inbox/link", "inbox/../outside"] {
      #expect(try find("\(name)/\(Self.composed).pdf") == bytes("\(name)/\(Self.composed).pdf"))
    }
    // A link inside a root is found, and leads nowhere.
    symlink(folder("outside/\(Self.decomposed).pdf"), folder("inbox/\(Self.decomposed).pdf"))
    let path = try find("inbox/\(Self.composed).pdf")
    #expect(path == bytes("inbox/\(Self.decomposed).pdf"))
    let roots = FileRoots(roots: [folder("inbox")], forbidden: [])
    let refusal = #expect(throws: FileAccessError.self) { try roots.open(String(decoding: path, as: UTF8.self)) }
    #expect(refusal?.code == .fileForbidden)
  }

  @Test("a root that is spelled otherwise is reached by its own name")
  func root() throws {
    try folder.write("\(Self.decomposed)/inbox/\(Self.decomposed).pdf", "%PDF-".utf8)
    var names = SpelledNames(FileRoots(roots: [folder("\(Self.decomposed)/inbox")], forbidden: []))
    let found = try names.path(for: folder("\(Self.composed)/inbox/\(Self.composed).pdf"))
    #expect(Array(found.utf8) == bytes("\(Self.decomposed)/inbox/\(Self.decomposed).pdf"))
  }
}
