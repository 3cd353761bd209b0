import Foundation
import GRDB
import Model

/// What looks like a mistake in the catalogue although nothing forbids it.
extension Store {
  /// An invoice of another customer with the same PDF.
  package struct SharedFile: Sendable, Hashable {
    package var number: String
    package var cct: String
  }

  /// The first invoice of the catalogue that is another customer's and has the PDF of this one; nil: there is none.
  package func sharedFile(of invoice: Invoice) async throws(StoreError) -> SharedFile? {
    try await read { try SharedFile.first(with: invoice, $0, "invoice WHERE") }
  }
}

extension Store.SharedFile {
  /// What a warning shows: the PDF, and who else has it.
  package func beside(_ invoice: Invoice) -> String { "\(invoice.file.name) (\(number), \(cct))" }

  /// - Parameter rows: a table with the columns `number`, `cct` and `file_sha256`, and the beginning of a condition.
  fileprivate static func first(
    with invoice: Invoice, _ db: Database, _ rows: String, _ arguments: StatementArguments = [:]
  ) throws -> Self? {
    // Two ranges of an index: "other than" would pass over every invoice of the same customer.
    let other = { (comparison: String) in
      """
      SELECT number, cct FROM (SELECT number, cct FROM \(rows) file_sha256 = :sha256 AND cct \(comparison) :cct
        AND number <> :number ORDER BY cct, number LIMIT 1)
      """
    }
    let row = try Row.fetchOne(
      db, sql: other("<") + " UNION ALL " + other(">") + " LIMIT 1",
      arguments: ["sha256": invoice.file.sha256, "cct": invoice.cct, "number": invoice.number] + arguments)
    return row.map { Self(number: $0["number"], cct: $0["cct"]) }
  }
}

extension StoreTransaction {
  /// Notes the warnings about a staged row, as far as the catalogue and the rows before it tell.
  func warn(_ id: String, of row: StagedInvoice) throws {
    let invoice = row.invoice
    if let twin = try twin(id, of: invoice.number) {
      try addProblem(
        id,
        ImportProblem(line: row.line, column: "number", code: .numberTwin, value: "\(invoice.number) (\(twin))"))
    }
    let shared =
      try Store.SharedFile.first(with: invoice, db, "staged_invoice WHERE import = :import AND", ["import": id])
      ?? Store.SharedFile.first(with: invoice, db, "invoice WHERE")
    if let shared {
      try addProblem(
        id,
        ImportProblem(
          line: row.line, column: "file", code: .fileShared, value: shared.beside(invoice)))
    }
  }

  /// Another number that looks like this one.
  private func twin(_ id: String, of number: String) throws -> String? {
    try String.fetchOne(
      db,
      sql: """
        SELECT number FROM invoice WHERE likeness = :key AND number <> :number
        UNION ALL
        SELECT number FROM staged_invoice WHERE import = :import AND likeness = :key AND number <> :number
        LIMIT 1
        """,
      arguments: ["key": NumberLikeness.key(of: number), "number": number, "import": id])
  }
}

/// What two invoice numbers have in common that people, and spreadsheets, take for the same one.
enum NumberLikeness {
  private static let hyphens: Set<Unicode.Scalar> = ["\u{2212}", "\u{2043}", "\u{2D7}"]

  /// Without regard to case, width, leading zeros of each run of digits, the kind of hyphen and of white space, and
  /// invisible characters: `2026-0125`, `2026‑125` and `２０２６-125` have the same key.
  static func key(of number: String) -> String {
    var key = String.UnicodeScalarView()
    var isInNumber = false
    for scalar in number.precomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
      if scalar.isInvisible { continue }
      let isDigit = ("0"..."9").contains(scalar)
      // The last digit of a number stays, be it a zero.
      if isDigit, !isInNumber, key.last == "0" { key.removeLast() }
      if isDigit { isInNumber = isInNumber || scalar != "0" } else { isInNumber = false }
      let isHyphen = scalar.properties.generalCategory == .dashPunctuation || hyphens.contains(scalar)
      key.append(isHyphen ? "-" : scalar.properties.isWhitespace ? " " : scalar)
    }
    return String(key)
  }

  /// For the invoices that were there before the column was.
  static func fill(_ db: Database) throws {
    let numbers = try String.fetchAll(db, sql: "SELECT number FROM invoice")
    let statement = try db.makeStatement(sql: "UPDATE invoice SET likeness = ? WHERE number = ?")
    for number in numbers { try statement.execute(arguments: [key(of: number), number]) }
  }
}
