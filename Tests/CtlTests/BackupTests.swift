import Control
import Foundation
import Testing

/// `backup` as a process, against a daemon that answers from a script.
@Suite("backup", .timeLimit(.minutes(2))) struct BackupTests {
  private static let bytes = Data((0..<500_000).map { UInt8(truncatingIfNeeded: $0 / 7) })
  /// Of those bytes, by sha256sum(1).
  private static let digest = "e9642cfca09d3336550edfef036de4d1eb967d5f22c8a051483aba47d342ea1f"

  private static func hand(out bytes: Data, digest: String, _ call: VarlinkCall) async throws {
    try await call.reply(JobsInterface.Backup.Reply(sizeInBytes: bytes.count), continues: true)
    for start in stride(from: 0, to: bytes.count, by: 196_608) {
      let piece = bytes[start..<min(start + 196_608, bytes.count)]
      try await call.reply(JobsInterface.Backup.Reply(data: Data(piece)), continues: true)
    }
    try await call.reply(JobsInterface.Backup.Reply(sizeInBytes: bytes.count, sha256: digest))
  }

  @Test("the file is what the daemon sent, for its owner alone, and one line says so")
  func file() async throws {
    try await inFolder { folder in
      try await FakeDaemon.serving(at: "\(folder)/s", { try await Self.hand(out: Self.bytes, digest: Self.digest, $0) })
      {
        let run = try await Program.run(["--socket", "\(folder)/s", "backup", "a.db"], folder: folder)
        #expect(run.output == "✅ Sauvegarde terminée : a.db (500 ko, SHA-256 \(Self.digest))\n", "\(run.errors)")
        #expect(run.status == 0 && run.errors.isEmpty)
        #expect(try Data(contentsOf: URL(filePath: "\(folder)/a.db")) == Self.bytes)
        let mode = try FileManager.default.attributesOfItem(atPath: "\(folder)/a.db")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let json = try await Program.run(
          ["--socket", "\(folder)/s", "--json", "backup", "--force", "a.db"], folder: folder)
        #expect(json.output == #"{"file":"a.db","sha256":"\#(Self.digest)","size_in_bytes":500000}"# + "\n")
        #expect(try names(in: folder) == ["a.db"])
      }
    }
  }

  @Test("with - the bytes go to standard output and the line to standard error, but not to a terminal")
  func standardOutput() async throws {
    try await inFolder { folder in
      let text = Data(String(repeating: "facture ", count: 1000).utf8)
      let digest = "217ded8f978f934464e6212dc408f68ea3cf6b73d02f96fc9123c92984cb26d0"
      try await FakeDaemon.serving(at: "\(folder)/s", { try await Self.hand(out: text, digest: digest, $0) }) {
        let run = try await Program.run(["--socket", "\(folder)/s", "--locale", "en", "backup", "-"])
        #expect(Data(run.output.utf8) == text && run.status == 0)
        #expect(run.errors == "✅ Backup complete: standard output (8 kB, SHA-256 \(digest))\n")
        let shown = try Program(["--socket", "\(folder)/s", "backup", "-"], columns: 80)
        let end = await shown.end()
        #expect(end.status == 1 && end.output.isEmpty && end.errors.contains("Une sauvegarde ne s'affiche pas"))
      }
    }
  }

  @Test("a file that is there stays as it is without --force; a link leads to the new one")
  func existing() async throws {
    try await inFolder { folder in
      let (old, link) = ("\(folder)/old.db", "\(folder)/link.db")
      try Data("old".utf8).write(to: URL(filePath: old))
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: old)
      try await FakeDaemon.serving(at: "\(folder)/s", { try await Self.hand(out: Self.bytes, digest: Self.digest, $0) })
      {
        for name in [old, link] {
          let run = try await Program.run(["--socket", "\(folder)/s", "--json", "backup", name])
          #expect(run.status == 1 && run.errors.hasPrefix(#"{"error":"FileExists""#), "\(run.errors)")
        }
        #expect(try Data(contentsOf: URL(filePath: old)) == Data("old".utf8))
        #expect(try await Program.run(["--socket", "\(folder)/s", "backup", "--force", link]).status == 0)
        #expect(try Data(contentsOf: URL(filePath: old)) == Self.bytes)
        for (name, words) in [(folder, "n'est pas un fichier ordinaire"), ("\(folder)/none/a.db", "No such file")] {
          let run = try await Program.run(["--socket", "\(folder)/s", "backup", "--force", name])
          #expect(run.status == 1 && run.errors.contains(words), "\(run.errors)")
        }
        #expect(try names(in: folder) == ["link.db", "old.db"])
      }
    }
  }

  @Test("one that arrives damaged, or not to its end, leaves no file")
  func damaged() async throws {
    let scripts: [(Int32, String, @Sendable (VarlinkCall) async throws -> Void)] = [
      (3, "BackupDamaged", { try await Self.hand(out: Self.bytes, digest: String(repeating: "0", count: 64), $0) }),
      (3, "BackupDamaged", { try await $0.reply(JobsInterface.Backup.Reply(sizeInBytes: 3, sha256: Self.digest)) }),
      (
        5, "ShuttingDown",
        {
          try await $0.reply(JobsInterface.Backup.Reply(data: Self.bytes), continues: true)
          throw VarlinkError.shuttingDown
        }
      ),
      (3, "NoRoom", { _ in throw VarlinkError.noRoom(needed: 2_000_000, free: 1_000_000) }),
      (3, "BackupRunning", { _ in throw VarlinkError.backupRunning }),
      (1, "NoRoom", { try await $0.reply(JobsInterface.Backup.Reply(sizeInBytes: .max), continues: true) }),
    ]
    for (status, code, script) in scripts {
      try await inFolder { folder in
        try await FakeDaemon.serving(at: "\(folder)/s", script) {
          let run = try await Program.run(["--socket", "\(folder)/s", "--json", "backup", "\(folder)/a.db"])
          #expect(run.status == status && run.errors.hasPrefix(#"{"error":"\#(code)""#), "\(run.status) \(run.errors)")
          #expect(try names(in: folder).isEmpty)
        }
      }
    }
  }

  @Test("^C leaves no file")
  func interrupted() async throws {
    try await inFolder { folder in
      let (sent, continuation) = AsyncStream.makeStream(of: Void.self)
      let stall: @Sendable (VarlinkCall) async throws -> Void = { call in
        try await call.reply(JobsInterface.Backup.Reply(data: Self.bytes), continues: true)
        continuation.yield()
        try await Task.sleep(for: .seconds(600))
      }
      try await FakeDaemon.serving(at: "\(folder)/s", stall) {
        let program = try Program(["--socket", "\(folder)/s", "backup", "\(folder)/a.db"])
        for await _ in sent { break }
        #expect(try names(in: folder).count == 1, "a draft")
        program.interrupt()
        #expect(await program.end().status == 130)
        #expect(try names(in: folder).isEmpty)
      }
    }
  }

  /// All but the socket.
  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != "s" }.sorted()
  }
}
