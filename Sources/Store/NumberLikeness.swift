import Foundation
import GRDB
import Model

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
