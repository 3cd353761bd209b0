import Logging

/// One log line, ready for either form: the fields of the journal, or a line on stderr.
struct LogEntry: Sendable {
  /// Longest message, and longest value of a field: what `journalctl -o json` still shows without `--all`.
  static let longestValueInBytes = 4_000
  /// Longest field name that the journal takes.
  static let longestNameInBytes = 64

  var level: Logger.Level
  var label: String
  var message: String
  var messageID: String?
  /// In the order of their names; names as the code wrote them.
  var fields: [(name: String, value: String)]
  var file: String
  var function: String
  var line: UInt

  init(
    level: Logger.Level, label: String, message: String, metadata: Logger.Metadata = [:], file: String = #fileID,
    function: String = #function, line: UInt = #line
  ) {
    self.level = level
    self.label = label
    self.message = message.cut(toBytes: Self.longestValueInBytes)
    self.messageID = metadata["message_id"].map { "\($0)" }
    self.fields =
      metadata.filter { $0.key != "message_id" }.sorted { $0.key < $1.key }
      .map { ($0.key, "\($0.value)".cut(toBytes: Self.longestValueInBytes)) }
    self.file = file
    self.function = function
    self.line = line
  }

  /// The fields of systemd.journal-fields(7), each `NAME=value`, the value with its line breaks as they are.
  ///
  /// A metadata key becomes `INVOICED_KEY`; `INVOICED_LOGGER` is the logger's label and cannot be given otherwise.
  func journalFields(identifier: String) -> [String] {
    var lines = [
      "MESSAGE=\(message)",
      "PRIORITY=\(level.priority)",
      "SYSLOG_IDENTIFIER=\(identifier)",
      "CODE_FILE=\(file)",
      "CODE_LINE=\(line)",
      "CODE_FUNC=\(function)",
      "INVOICED_LOGGER=\(label)",
    ]
    if let messageID { lines.append("MESSAGE_ID=\(messageID)") }
    for field in fields {
      let name = Self.journalName(of: field.name)
      if name != "INVOICED_LOGGER" { lines.append("\(name)=\(field.value)") }
    }
    return lines
  }

  /// `label: message key=value …` as one line, without its end. `prefixed` puts the priority before it, as
  /// sd-daemon(3) reads it: `<6>label: …`.
  func text(prefixed: Bool) -> String {
    var text = prefixed ? "<\(level.priority)>" : ""
    text += "\(label): \(message)".oneLine
    for field in fields { text += " \(field.name.oneLine)=\(Self.quoted(field.value.oneLine))" }
    return text
  }

  /// `INVOICED_` and the name in upper case, everything but A–Z, 0–9 and `_` replaced by `_`.
  static func journalName(of name: String) -> String {
    var bytes = Array("INVOICED_".utf8)
    for scalar in name.unicodeScalars.prefix(longestNameInBytes - bytes.count) {
      let byte = UInt8(exactly: scalar.value) ?? UInt8(ascii: "_")
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): bytes.append(byte - 32)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): bytes.append(byte)
      default: bytes.append(UInt8(ascii: "_"))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func quoted(_ value: String) -> String {
    guard value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) else { return value }
    return "\"\(value.replacing("\"", with: "\\\""))\""
  }
}

extension Logger.Level {
  /// The syslog priority, 7 (debug) to 2 (critical); see syslog(3).
  var priority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}
