import GRDB

/// A part of a list, in the list's order: bounded by a number of rows, and by their size.
package struct Page<Element: Sendable>: RandomAccessCollection, Sendable {
  /// Text of the rows in one page, in bytes; the row that goes beyond it is the last one. Below 256 KiB as JSON, unless
  /// that row alone is longer.
  private static var sizeInBytes: Int { 160 * 1024 }

  private let elements: [Element]
  /// Something may follow.
  package let hasMore: Bool

  package var startIndex: Int { 0 }
  package var endIndex: Int { elements.count }
  package subscript(index: Int) -> Element { elements[index] }

  /// - Parameter limit: of the rows; the statement has it, too, as the argument `limit`.
  init(
    _ db: Database, _ sql: String, _ arguments: StatementArguments, limit: Int, _ make: (Row) throws -> Element
  ) throws {
    var elements: [Element] = []
    var size = 0
    let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments + ["limit": limit])
    while size < Self.sizeInBytes, let row = try rows.next() {
      elements.append(try make(row))
      size += row.textSizeInBytes
    }
    self.elements = elements
    hasMore = size >= Self.sizeInBytes || elements.count == limit
  }
}

extension Row {
  fileprivate var textSizeInBytes: Int {
    databaseValues.reduce(0) { size, value in
      if case .string(let text) = value.storage { size + text.utf8.count } else { size }
    }
  }
}
