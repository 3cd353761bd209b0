import Foundation
import TestSupport
import Testing

@Suite("the configuration", .timeLimit(.minutes(3)))
struct ConfigurationTests {
  private static let fixtures = Repository.path("Tests/Fixtures/configurations")

  /// One folder each: `invoiced.yaml`, templates, and `expected`, the one line that the daemon has to say. In both,
  /// `FOLDER` stands for the folder; in the latter `FILE` for the configuration file.
  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: fixtures)) ?? []).sorted()

  @Test("there are folders with wrong configurations")
  func thereAreSome() { #expect(Self.names.count > 70) }

  @Test("a wrong one ends the daemon with 78, and its one line names the place and what is wrong", arguments: names)
  func wrong(_ name: String) async throws {
    let folder = try TemporaryFolder()
    let copy = folder(name)
    try FileManager.default.copyItem(atPath: "\(Self.fixtures)/\(name)", toPath: copy)
    let file = copy + "/invoiced.yaml"
    let text = try String(contentsOfFile: file, encoding: .utf8).replacing("FOLDER", with: copy)
    try Data(text.utf8).write(to: URL(filePath: file))
    let expected = try String(contentsOfFile: copy + "/expected", encoding: .utf8)
      .replacing("FILE", with: file).replacing("FOLDER", with: copy)
    for more in [["--check-config"], []] {
      let program = try RunningProgram(
        "invoiced", ["--config", file, "--state", folder("state"), "--socket", folder("socket")] + more)
      #expect(try await program.end() == 78)
      // <2> is the priority, sd-daemon(3).
      #expect(program.errors == "<2>invoiced: \(expected)")
      #expect(program.output.isEmpty)
    }
    #expect(!FileManager.default.fileExists(atPath: folder("socket")))
  }

  @Test("without a configuration file the daemon says what to do, and ends with 78")
  func none() async throws {
    let folder = try TemporaryFolder()
    let program = try RunningProgram(
      "invoiced", ["--state", folder("state"), "--socket", folder("socket")],
      environment: ["CONFIGURATION_DIRECTORY": folder("etc")])
    #expect(try await program.end() == 78)
    #expect(program.errors.contains("\(folder("etc"))/invoiced.yaml: there is no such configuration file; write one"))
    #expect(program.errors.contains("--config"))
  }

  @Test("a folder in the place of the configuration file is named as such")
  func isFolder() async throws {
    let folder = try TemporaryFolder()
    let program = try RunningProgram("invoiced", ["--config", folder.resolvedPath, "--check-config"])
    #expect(try await program.end() == 78)
    #expect(program.errors == "<2>invoiced: \(folder.resolvedPath): cannot be read: it is not a regular file\n")
  }

  @Test("a wrong configuration leaves nothing on the disk")
  func checkLeavesNothing() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("invoiced.yaml", "locale: de\n".utf8)
    let program = try RunningProgram(
      "invoiced", ["--config", file, "--state", folder("state"), "--socket", folder("socket")])
    #expect(try await program.end() == 78)
    #expect(folder.names(in: "") == ["invoiced.yaml"])
  }
}
