import Logging

/// swift-log's way to the journal, or to stderr where there is none.
///
/// Metadata become fields: `delivery` → `INVOICED_DELIVERY`. The key `message_id` (see `MessageID`) becomes MESSAGE_ID.
/// Never put an address, a subject or a secret there. On one key, the statement's own metadata win over the metadata
/// provider's, and those over the logger's.
package struct JournalLogHandler: LogHandler {
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?

  private let label: String
  private let writer: LogWriter

  /// - Parameter label: The logger's name, INVOICED_LOGGER in the journal.
  package init(label: String, writer: LogWriter, logLevel: Logger.Level = .info) {
    self.label = label
    self.writer = writer
    self.logLevel = logLevel
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Returns at once; the writer's thread does the rest.
  package func log(event: LogEvent) {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
    if let own = event.metadata { all.merge(own) { $1 } }
    if let error = event.error, all["error"] == nil { all["error"] = "\(error)" }
    writer.append(
      LogEntry(
        level: event.level, label: label, message: event.message.description, metadata: all, file: event.file,
        function: event.function, line: event.line))
  }
}

extension Logger.Metadata {
  /// Names the kind of line: `logger.info("…", metadata: .id(.jobStarted).merging([…]))`.
  package static func id(_ id: MessageID) -> Logger.Metadata { ["message_id": "\(id.rawValue)"] }
}
