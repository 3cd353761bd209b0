import Foundation
import TestSupport
import Testing

/// `examples/invoiced.yaml` and `docs/configuration.md` against the readers in the daemon.
@Suite("the documented configuration", .timeLimit(.minutes(3)))
struct ExampleConfigurationTests {
  private let folder: TemporaryFolder
  private let example: String

  init() throws {
    folder = try TemporaryFolder()
    example = try String(contentsOfFile: Repository.path("examples/invoiced.yaml"), encoding: .utf8)
  }

  /// Runs `--check-config` with the samples as templates.
  private func check(_ text: String) async throws -> RunningProgram {
    let templates = "templates: [\"\(Repository.path("examples/templates"))\"]"
    var text = text.replacing("#templates: [/etc/invoiced/templates, /usr/share/invoiced/templates]", with: templates)
    text = text.replacing(
      "\ntemplates: [/etc/invoiced/templates, /usr/share/invoiced/templates]", with: "\n" + templates)
    let file = try folder.write("invoiced.yaml", text.utf8)
    let program = try RunningProgram("invoiced", ["--config", file, "--check-config", "--state", folder("state")])
    try await program.end()
    return program
  }

  /// The example with everything that is commented out written out: what has no space behind the #, or two.
  private var uncommented: String {
    example.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let match = line.wholeMatch(of: /( *)#((?:[a-z_]|  ).*)/) else { return String(line) }
      return String(match.1 + match.2)
    }.joined(separator: "\n")
  }

  @Test("the example is accepted as it stands")
  func plain() async throws {
    let program = try await check(example)
    #expect(program.status == 0, "\(program.errors)")
    #expect(program.output.hasSuffix("invoiced.yaml: OK\n"))
  }

  @Test("the example is accepted with every key written out, and then it has no key in a comment")
  func writtenOut() async throws {
    let text = uncommented
    #expect(!text.contains(/(?m)^ *#[a-z_]+:/))
    #expect(text.contains("\n  rehearsal:\n"))
    let program = try await check(text)
    #expect(program.status == 0, "\(program.errors)")
  }

  /// A mapping of the file, how an unknown key gets into it, and its heading in the documentation.
  struct Mapping: Sendable, CustomTestStringConvertible {
    var title: String
    var yaml: String
    var testDescription: String { title }
  }

  static let mappings = [
    Mapping(title: "The file", yaml: "unknown: 1\n"),
    Mapping(title: "`import`", yaml: "import: {unknown: 1}\n"),
    Mapping(title: "A pipeline", yaml: "pipelines: {a: {unknown: 1}}\n"),
    Mapping(title: "`retry`", yaml: "pipelines: {a: {retry: {unknown: 1}}}\n"),
    Mapping(title: "`select: {use: catalogue}`", yaml: stages(select: "{use: catalogue, unknown: 1}")),
    Mapping(title: "`render: {use: template}`", yaml: stages(render: "{use: template, unknown: 1}")),
    Mapping(title: "`send: {use: gmail}`", yaml: stages(send: "{use: gmail, unknown: 1}")),
    Mapping(title: "`send: {use: maildir}`", yaml: stages(send: "{use: maildir, unknown: 1}")),
    Mapping(title: "`record: {use: catalogue}`", yaml: stages(record: "[{use: catalogue, unknown: 1}]")),
  ]

  private static func stages(
    select: String = "{use: catalogue}", render: String = "{use: template, subject: S, text: invoice.fr.txt}",
    send: String = "{use: maildir, path: /tmp/m, from: a@example.be}", record: String = "[]"
  ) -> String {
    "#templates: [/etc/invoiced/templates, /usr/share/invoiced/templates]\n"
      + "pipelines: {a: {select: \(select), render: \(render), send: \(send), record: \(record)}}\n"
  }

  @Test("docs/configuration.md and the example have every key that the daemon knows", arguments: mappings)
  func documented(_ mapping: Mapping) async throws {
    let program = try await check(mapping.yaml)
    let message = program.errors
    let known = try #require(message.firstMatch(of: /unknown key .*; known are: (.*)\n/), "\(message)").1
    let keys = known.split(separator: ", ")
    let page = try String(contentsOfFile: Repository.path("docs/configuration.md"), encoding: .utf8)
    let section = try #require(
      page.components(separatedBy: "\n## ").first { $0.hasPrefix(mapping.title + "\n") }, "no \(mapping.title)")
    let rows = section.split(separator: "\n").compactMap { $0.firstMatch(of: /^\| `([a-z_0-9]+)` \|/)?.1 }
    #expect(Set(rows) == Set(keys), "\(mapping.title)")
    for key in keys { #expect(uncommented.contains(try Regex("(?m)(^ *|[{ ])\(key):")), "\(key)") }
  }
}
