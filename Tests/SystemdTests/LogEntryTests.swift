import Logging
import Testing

@testable import Systemd

@Suite("A log line")
struct LogEntryTests {
  private let entry = LogEntry(
    level: .info, label: "email", message: "✅ [1/50] Email envoyé : CCT123 - FACTURE.pdf",
    metadata: [
      "job": "3", "delivery": "17", "detail": "two words", "message_id": "\(MessageID.deliverySent.rawValue)",
    ],
    file: "Jobs/Runner.swift", function: "run()", line: 42)

  @Test("has these fields in the journal")
  func fields() {
    #expect(
      entry.journalFields(identifier: "invoiced") == [
        "MESSAGE=✅ [1/50] Email envoyé : CCT123 - FACTURE.pdf",
        "PRIORITY=6",
        "SYSLOG_IDENTIFIER=invoiced",
        "CODE_FILE=Jobs/Runner.swift",
        "CODE_LINE=42",
        "CODE_FUNC=run()",
        "INVOICED_LOGGER=email",
        "MESSAGE_ID=\(MessageID.deliverySent.rawValue)",
        "INVOICED_DELIVERY=17",
        "INVOICED_DETAIL=two words",
        "INVOICED_JOB=3",
      ])
  }

  @Test("is one line on stderr, with the priority in front where no terminal reads it")
  func lines() {
    let line = #"email: ✅ [1/50] Email envoyé : CCT123 - FACTURE.pdf delivery=17 detail="two words" job=3"#
    #expect(entry.text(prefixed: true) == "<6>" + line)
    #expect(entry.text(prefixed: false) == line)
  }

  @Test("cannot begin a second line or move a terminal's cursor")
  func controlCharacters() {
    let entry = LogEntry(
      level: .error, label: "a", message: "one\n<2>two\r\u{1b}[2J\u{9b}\u{2028}é", metadata: ["k\n": "v\nw\0"])
    #expect(
      entry.text(prefixed: true) == #"<3>a: one\n<2>two\r\u{1b}[2J\u{9b}\u{2028}é k\n=v\nw\u{0}"#)
  }

  @Test("keeps its line breaks in the journal, where they harm nothing")
  func journalLineBreaks() {
    let fields = LogEntry(level: .error, label: "a", message: "one\ntwo").journalFields(identifier: "x")
    #expect(fields.contains("MESSAGE=one\ntwo"))
  }

  @Test(
    "takes only names that the journal takes",
    arguments: [
      ("delivery", "INVOICED_DELIVERY"), ("request-id", "INVOICED_REQUEST_ID"), ("clé", "INVOICED_CL_"),
      ("a=b\nC9", "INVOICED_A_B_C9"), ("_PID", "INVOICED__PID"),
      (String(repeating: "x", count: 100), "INVOICED_" + String(repeating: "X", count: 55)),
    ])
  func names(name: String, field: String) {
    #expect(LogEntry.journalName(of: name) == field)
  }

  @Test("cannot be given another logger by its metadata")
  func loggerField() {
    let fields = LogEntry(level: .info, label: "email", message: "", metadata: ["Logger": "invoices"])
      .journalFields(identifier: "x")
    #expect(fields.filter { $0.hasPrefix("INVOICED_LOGGER=") } == ["INVOICED_LOGGER=email"])
  }

  @Test("is cut at 4,000 bytes, between two characters")
  func length() {
    let entry = LogEntry(
      level: .info, label: "a", message: String(repeating: "é", count: 5_000),
      metadata: ["k": "\(String(repeating: "x", count: 5_000))"])
    #expect(entry.message == String(repeating: "é", count: 1_998) + "…")
    #expect(entry.message.utf8.count <= LogEntry.longestValueInBytes)
    #expect(entry.fields[0].value == String(repeating: "x", count: 3_997) + "…")
    #expect("short".cut(toBytes: 5) == "short")
  }

  @Test("has the priority of syslog")
  func priorities() {
    #expect(Logger.Level.allCases.map(\.priority) == [7, 7, 6, 5, 4, 3, 2])
  }

  @Test("has a message id that is its own and 128 bits long")
  func messageIDs() {
    let ids = MessageID.allCases.map(\.rawValue)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{32}/) != nil })
  }
}
