import Control
import Foundation
import Testing

/// `pip install varlink`: another implementation of the protocol.
@Suite("python-varlink", .timeLimit(.minutes(2)), .serialized)
struct ForeignClientTests {
  private static let isInstalled = (try? run(["-c", "import varlink"]).status) == 0

  @Test(
    "lists the interfaces, shows one, and calls methods",
    .enabled(if: isInstalled, "python-varlink is not installed: pip install varlink"))
  func python() async throws {
    try await TestServer.with { server in
      let cli = ["-m", "varlink.cli"]
      let address = "unix:\(server.path)"
      let info = try await Self.runAside(cli + ["info", address])
      #expect(info.status == 0 && info.output.contains("io.invoiced.test"))
      let help = try await Self.runAside(cli + ["help", "\(address)/io.invoiced.test"])
      #expect(help.status == 0 && help.output.contains("# Says it again.\nmethod Echo("))
      let echo = try await Self.runAside(cli + ["call", "\(address)/io.invoiced.test.Echo", #"{"text":"é 🚀"}"#])
      #expect(echo.status == 0 && echo.output.contains(#""text": "\u00e9 \ud83d\ude80""#))
      let count = try await Self.runAside(cli + ["call", "-m", "\(address)/io.invoiced.test.Count", #"{"to":3}"#])
      #expect(count.status == 0 && (1...3).allSatisfy { count.output.contains("\"number\": \($0)") })
      let refused = try await Self.runAside(cli + ["call", "\(address)/io.invoiced.test.Refuse"])
      #expect(refused.output.contains("io.invoiced.test.Refused"))
    }
  }

  @Test(
    "reads the interface file of the jobs",
    .enabled(if: isInstalled, "python-varlink is not installed: pip install varlink"))
  func jobsInterface() async throws {
    let program = "import sys, varlink; i = varlink.Interface(sys.argv[1]); print(len(list(i.members)))"
    let result = try await Self.runAside(["-c", program, JobsInterface.description])
    #expect(result.status == 0, "\(result.output)")
    #expect((Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0) > JobsInterface.methods.count)
  }

  /// Off the threads that the server's tasks need.
  private static func runAside(_ arguments: [String]) async throws -> (status: Int32, output: String) {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try run(arguments) }) }
    }
  }

  private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
