/// One reader of outside bytes, and what must be true of it for every input.
struct FuzzTarget: Sendable {
  /// The folder of its corpus.
  let name: String
  /// Ends the process where a property does not hold; keeps nothing from one call to the next.
  let check: @Sendable ([UInt8]) -> Void

  /// docs/fuzzing.md has a row for each.
  static let all = [
    FuzzTarget(name: "credential", check: CredentialTarget.check),
    FuzzTarget(name: "csv", check: CSVTarget.check),
    FuzzTarget(name: "gmail", check: GmailTarget.check),
    FuzzTarget(name: "header", check: HeaderTarget.check),
    FuzzTarget(name: "http", check: HTTPTarget.check),
    FuzzTarget(name: "jsonl", check: JSONLinesTarget.check),
    FuzzTarget(name: "pdf", check: PDFTarget.check),
    FuzzTarget(name: "text", check: TextTarget.check),
    FuzzTarget(name: "varlink", check: VarlinkTarget.check),
  ]
}
