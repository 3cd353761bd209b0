import ArgumentParser
import Control
import Foundation
import Model

struct ImportCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Add the invoices of a manifest to the catalogue.",
    discussion: """
      FILE is CSV with a header row (commas or semicolons; UTF-8, or what Excel writes) or JSON lines; - reads \
      standard input. Paths in it are relative to its folder or, with -, to the current one.

      Every bad line is reported, as FILE:LINE: column "NAME": reason: value. If there is a bad line, nothing changes \
      unless --skip-bad is given. Warnings, for example about two numbers that look the same, do not prevent the \
      import. Importing the same content twice changes nothing.

      Exit status: 0 if the manifest was applied, 1 if bad lines prevented that, 2 if --skip-bad left out some lines.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, jsonl }

  @Argument(help: "The manifest, or - for standard input.", completion: .file()) var file: String

  @Flag(help: "Import the good lines even if there are bad ones.") var skipBad = false

  @Option(
    help: ArgumentHelp(
      """
      Encoding of the manifest: utf-8, utf-16le, utf-16be, windows-1252, iso-8859-1, macintosh or cp850. Default: \
      detected.
      """,
      valueName: "name"),
    transform: { name in
      guard let encoding = ManifestEncoding(named: name) else {
        throw ValidationError("Unknown encoding: \(name). Known are: \(ManifestEncoding.names.joined(separator: ", "))")
      }
      return encoding
    })
  var encoding: ManifestEncoding?

  @Option(
    help: ArgumentHelp("csv or jsonl. Default: determined by the file's extension or its first character."))
  var format: Format?

  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    var text = try ManifestText(path: file == "-" ? nil : file, encoding: encoding)
    let first = try text.next() ?? ""
    let daemon = try await context.connect()
    let importID = try await daemon.call(
      JobsInterface.BeginImport.self, .init(folder: folder, format: chosenFormat(first))
    ).importID
    var progress = ImportProgress(context, sizeInBytes: sizeInBytes)
    var piece: String? = first
    while let content = piece {
      for part in RequestText(content) {
        _ = try await daemon.call(JobsInterface.AddRows.self, .init(importID: importID, text: part))
      }
      try progress.advance(by: content.utf8.count)
      piece = try text.next()
    }
    try progress.check()
    var result = ImportResult(name: file == "-" ? "-" : file, skipBad: skipBad)
    for try await reply in try await daemon.stream(
      JobsInterface.CommitImport.self, .init(importID: importID, skipBad: skipBad))
    {
      if context.json { try printJSON(reply, context) }
      result.add(reply.parameters)
    }
    try progress.end()
    guard let report = result.report else { throw VarlinkClient.Failure.connectionLost }
    if !context.json { for line in result.lines(report, context.wording) { try context.print(line) } }
    if report.bad > 0 { throw Ending(status: report.applied ? .failed : .usage) }
  }

  /// Absolute.
  private var folder: String {
    let current = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
    guard file != "-" else { return current.path }
    return URL(filePath: file, relativeTo: current).standardizedFileURL.deletingLastPathComponent().path
  }

  /// Nil where the size is not known before.
  private var sizeInBytes: Int? {
    file == "-" ? nil : (try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int
  }

  private func chosenFormat(_ start: String) -> JobsInterface.ImportFormat {
    switch format {
    case .csv: return .csv
    case .jsonl: return .jsonl
    case nil: break
    }
    switch URL(filePath: file).pathExtension.lowercased() {
    case "jsonl", "ndjson", "json": return .jsonl
    case "csv", "txt": return .csv
    default: return start.first { !$0.isWhitespace } == "{" ? .jsonl : .csv
    }
  }

  private func printJSON(_ reply: VarlinkReply<JobsInterface.CommitImport>, _ context: Context) throws {
    let json = reply.fields
    for value in json["problems"]?.array ?? [] { try context.print(json: ["problem": value]) }
    for value in json["warnings"]?.array ?? [] { try context.print(json: ["warning": value]) }
    for value in json["changes"]?.array ?? [] { try context.print(json: ["change": value]) }
    if let value = json["report"], value != .null { try context.print(json: ["report": value]) }
  }
}
