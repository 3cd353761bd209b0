import GRDB
import Model

/// An element of a list: its JSON, as it stands on the wire, and where a page that follows it begins.
///
/// SQLite makes the JSON of a row in some microseconds. Decoding the content of its invoice, and encoding what is shown of
/// it, takes ten times as long, and whoever asked for 20,000 of them waits.
package struct Listed<Place: Sendable>: Sendable {
  package var place: Place
  package var json: String
}

extension Listed where Place: DatabaseValueConvertible {
  /// - Parameter row: the place, and the JSON.
  init(_ row: Row) {
    self.init(place: row[0], json: row[1])
  }
}

/// What the lists' JSON is made of, written as `Delivery` and the control interface's invoices are encoded.
enum ListedJSON {
  /// Of an invoice `i` with its revision `r`, and the delivery `d` that counts for it.
  ///
  /// Its status is that of a delivery which has the invoice; that says more than a hold or a mark, and these more than a
  /// delivery that is over.
  static let invoice = """
    json_patch(r.content, json_object(
      'held', i.held, 'job', d.job, 'sent_at', \(time("i.sent_at")),
      'status', CASE
        WHEN d.state IN (\(claiming)) THEN d.state
        WHEN i.held IS NOT NULL THEN 'held'
        WHEN i.sent_at IS NOT NULL THEN 'marked_sent'
        ELSE ifnull(d.state, 'due')
      END))
    """

  /// Of a delivery `d` with its revision `r` and its job `j`. The patch leaves out what is NULL.
  static let delivery = """
    json_patch('{}', json_object(
      'attempt', d.attempt, 'cct', r.content ->> '$.cct', 'code', d.code, 'detail', d.detail,
      'file', \(fileName.name)(r.content ->> '$.file.path'), 'id', d.id, 'job', d.job, 'number', d.number,
      'period', r.content ->> '$.period', 'position', d.position, 'receipt', json(d.receipt),
      'recipients', json(CASE
        WHEN j.test_to IS NOT NULL THEN json_array(j.test_to)
        ELSE (SELECT json_group_array(value ->> 'address') FROM json_each(r.content, '$.to'))
      END),
      'state', d.state, 'updated_at', \(time("d.updated_at"))))
    """

  /// `FileReference.name` of a path, for every connection.
  static let fileName = DatabaseFunction("file_name", argumentCount: 1, pure: true) { values in
    String.fromDatabaseValue(values[0]).map(FileReference.name)
  }

  private static let claiming = DeliveryState.allCases.filter(\.claims).map { "'\($0.rawValue)'" }
    .joined(separator: ", ")

  /// Of a column with milliseconds since 1970, as `WireJSON` writes a time.
  private static func time(_ column: String) -> String {
    "strftime('%Y-%m-%dT%H:%M:%fZ', \(column) / 1000.0, 'unixepoch')"
  }
}
