import Files
import Foundation
import TestSupport
import Testing

@Suite struct DurableFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("a file is replaced as a whole, and nothing is left beside it")
  func replaces() throws {
    try folder.write("x.new", "left by a crash".utf8)
    try DurableFile.write(Array("one".utf8), to: folder("x"))
    try DurableFile.write(Array("two".utf8), to: folder("x"))
    #expect(FileManager.default.contents(atPath: folder("x")) == Data("two".utf8))
    #expect(folder.names(in: "") == ["x"])
  }

  @Test("a file that is written over stays the same one, and only its beginning changes")
  func overwrites() throws {
    try folder.write("x", "old content".utf8)
    let before = FileIdentity(of: folder("x"))
    try DurableFile.overwrite(Array("new".utf8), at: folder("x"))
    #expect(FileManager.default.contents(atPath: folder("x")) == Data("new content".utf8))
    #expect(before != nil && FileIdentity(of: folder("x")) == before)
    let error = #expect(throws: SystemCallError.self) { try DurableFile.overwrite([1], at: folder("none")) }
    #expect(error?.number == ENOENT)
  }

  @Test("a copy in the place of a file is another one, also where it got the number of the one that was removed")
  func identity() throws {
    try folder.write("x", "content".utf8)
    let before = try #require(FileIdentity(of: folder("x")))
    for _ in 1...20 {
      try FileManager.default.removeItem(atPath: folder("x"))
      try folder.write("x", "content".utf8)
      let after = try #require(FileIdentity(of: folder("x")))
      #expect(before.birth == nil || !before.mayBe(after))
    }
    #expect(FileIdentity(inode: 1, birth: 5).mayBe(FileIdentity(inode: 1, birth: nil)))
    #expect(!FileIdentity(inode: 1, birth: 5).mayBe(FileIdentity(inode: 2, birth: nil)))
    #expect(FileIdentity(of: folder("none")) == nil)
  }

  @Test("a failure names call, path and reason")
  func failure() {
    let error = #expect(throws: SystemCallError.self) { try DurableFile.write([], to: folder("none/x")) }
    #expect(error?.description == "open \(folder("none/x.new")): No such file or directory")
  }

  @Test("a new file replaces no other")
  func newFile() throws {
    try folder.write("x", "old".utf8)
    let error = #expect(throws: SystemCallError.self) { _ = try NewFile(creating: folder("x")) }
    #expect(error?.number == EEXIST)
  }

  @Test("a move replaces no other file")
  func move() throws {
    try folder.write("x", "x".utf8)
    try folder.write("y", "y".utf8)
    let error = #expect(throws: SystemCallError.self) { try Folder.move(folder("x"), toNew: folder("y")) }
    #expect(error?.number == EEXIST)
    #expect(FileManager.default.contents(atPath: folder("y")) == Data("y".utf8))
    try Folder.move(folder("x"), toNew: folder("z"))
    #expect(folder.names(in: "") == ["y", "z"])
  }

  @Test("an entry is found among others, or not at all")
  func entries() throws {
    for number in 0..<50 { try folder.write("f\(number)", []) }
    #expect(try Folder.firstEntry(of: folder.path) { $0 == "f42" } == "f42")
    #expect(try Folder.firstEntry(of: folder.path) { $0 == "g" } == nil)
    #expect(throws: SystemCallError.self) { try Folder.firstEntry(of: folder("none")) { _ in true } }
  }
}
