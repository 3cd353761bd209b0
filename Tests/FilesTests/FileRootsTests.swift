import Files
import Foundation
import Model
import TestSupport
import Testing

@Suite struct FileRootsTests {
  let folder: TemporaryFolder
  let roots: FileRoots

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("inbox/a.pdf", "%PDF-1.7".utf8)
    try folder.write("inbox/state/secret", "s".utf8)
    try folder.write("outside/b.pdf", "%PDF-1.7".utf8)
    try folder.write("inbox-old/c.pdf", "%PDF-1.7".utf8)
    roots = FileRoots(roots: [folder("inbox")], forbidden: [folder("inbox/state")])
  }

  private func refusal(_ path: String) -> FileAccessError? {
    #expect(throws: FileAccessError.self) { try roots.open(path) }
  }

  @Test("a file under a root opens with its size and resolved path")
  func opens() throws {
    let file = try roots.open(folder("inbox/../inbox/a.pdf"))
    #expect(file.resolvedPath == folder("inbox/a.pdf"))
    #expect(file.sizeInBytes == 8)
    #expect(try file.head(5) == Array("%PDF-".utf8))
    #expect(try file.head(100) == Array("%PDF-1.7".utf8))
  }

  @Test(
    "a path that leaves the root is forbidden",
    arguments: ["inbox/../outside/b.pdf", "outside/b.pdf", "inbox-old/c.pdf", "inbox/state/secret", "inbox/up/b.pdf"])
  func outside(name: String) throws {
    try FileManager.default.createSymbolicLink(atPath: folder("inbox/up"), withDestinationPath: folder("outside"))
    #expect(refusal(folder(name))?.code == .fileForbidden)
  }

  @Test("a single file may be forbidden, by its name and through a link")
  func forbiddenFile() throws {
    let roots = FileRoots(roots: [folder("inbox")], forbidden: [folder("inbox/state/secret")])
    try FileManager.default.createSymbolicLink(atPath: folder("inbox/s.pdf"), withDestinationPath: "state/secret")
    for name in ["inbox/state/secret", "inbox/s.pdf"] {
      let refusal = #expect(throws: FileAccessError.self) { try roots.open(folder(name)) }
      #expect(refusal?.code == .fileForbidden)
    }
    try folder.write("inbox/state/secret.pdf", "%PDF-".utf8)
    #expect(try roots.open(folder("inbox/state/secret.pdf")).sizeInBytes == 5)
  }

  @Test("a hard link does not make a forbidden file another one", arguments: ["inbox/state", "inbox/state/secret"])
  func hardLink(forbidden: String) throws {
    let roots = FileRoots(roots: [folder("inbox")], forbidden: [folder(forbidden)])
    try FileManager.default.linkItem(atPath: folder("inbox/state/secret"), toPath: folder("inbox/f.pdf"))
    let refusal = #expect(throws: FileAccessError.self) { try roots.open(folder("inbox/f.pdf")) }
    #expect(refusal?.code == .fileForbidden)
    try FileManager.default.linkItem(atPath: folder("inbox/a.pdf"), toPath: folder("inbox/b.pdf"))
    #expect(try roots.open(folder("inbox/b.pdf")).resolvedPath == folder("inbox/b.pdf"))
  }

  @Test("a link counts by where it leads")
  func links() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder("inbox/out.pdf"), withDestinationPath: folder("outside/b.pdf"))
    try FileManager.default.createSymbolicLink(
      atPath: folder("inbox/secret.pdf"), withDestinationPath: "state/secret")
    try FileManager.default.createSymbolicLink(
      atPath: folder("outside/in.pdf"), withDestinationPath: folder("inbox/a.pdf"))
    #expect(refusal(folder("inbox/out.pdf"))?.code == .fileForbidden)
    #expect(refusal(folder("inbox/secret.pdf"))?.code == .fileForbidden)
    #expect(try roots.open(folder("outside/in.pdf")).resolvedPath == folder("inbox/a.pdf"))
  }

  @Test("a root may itself be a link, and a root that is not there permits nothing")
  func linkedRoot() throws {
    try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: folder("inbox"))
    let roots = FileRoots(roots: [folder("link"), folder("none")], forbidden: [])
    #expect(try roots.open(folder("link/a.pdf")).resolvedPath == folder("inbox/a.pdf"))
    #expect(throws: FileAccessError.self) { try roots.open(folder("outside/b.pdf")) }
    #expect(throws: FileAccessError(.fileMissing, folder("link/none.pdf"), "No such file or directory")) {
      try roots.open(folder("link/none.pdf"))
    }
  }

  @Test("a FIFO, a folder, a socket's and a device's name are refused at once")
  func notRegular() throws {
    #expect(mkfifo(folder("inbox/fifo"), 0o600) == 0)
    #expect(
      refusal(folder("inbox/fifo")) == FileAccessError(.fileForbidden, folder("inbox/fifo"), "not a regular file"))
    #expect(refusal(folder("inbox"))?.code == .fileForbidden)
    #expect(refusal(folder("inbox/state/.."))?.code == .fileForbidden)
    #expect(throws: FileAccessError(.fileForbidden, "/dev/null", "not a regular file")) {
      try FileRoots(roots: ["/dev"], forbidden: []).open("/dev/null")
    }
  }

  @Test("of a missing file only one under a root is said to be missing")
  func missing() {
    #expect(refusal(folder("inbox/none/a.pdf"))?.code == .fileMissing)
    #expect(refusal(folder("inbox/a.pdf/x"))?.code == .fileMissing)
    #expect(refusal(folder("outside/none.pdf"))?.code == .fileForbidden)
    #expect(refusal(folder("inbox/../outside/none.pdf"))?.code == .fileForbidden)
    #expect(refusal(folder("inbox/none/../../outside/none.pdf"))?.code == .fileForbidden)
    #expect(refusal(folder("inbox/state/none"))?.code == .fileForbidden)
  }

  @Test("a relative path and one with a NUL are forbidden", arguments: ["a.pdf", "", "/tmp/a\0.pdf"])
  func malformed(path: String) {
    #expect(refusal(path)?.code == .fileForbidden)
  }

  @Test("a link in a circle is unreadable, in errno's words")
  func circle() throws {
    try FileManager.default.createSymbolicLink(atPath: folder("inbox/o"), withDestinationPath: "o")
    #expect(
      refusal(folder("inbox/o"))
        == FileAccessError(.fileUnreadable, folder("inbox/o"), "Too many levels of symbolic links"))
  }

  @Test("a file that grows or shrinks after it was opened has no digest")
  func changes() throws {
    let file = try roots.open(folder("inbox/a.pdf"))
    #expect(try file.sha256() == SHA256Hasher.digest(of: Array("%PDF-1.7".utf8)))
    truncate(folder("inbox/a.pdf"), 9)
    #expect(throws: FileAccessError.self) { try file.sha256() }
    truncate(folder("inbox/a.pdf"), 7)
    #expect(throws: FileAccessError.self) { try file.sha256() }
  }
}
