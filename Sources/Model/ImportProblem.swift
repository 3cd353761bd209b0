/// A reason why a line of a manifest cannot be imported or, as a warning, why a person should look at it.
package struct ImportProblem: Codable, Sendable, Hashable {
  /// Most bytes of `value`: a page of problems has to fit into one frame of the control socket.
  package static let maximumValueSizeInBytes = 200

  /// Line of the manifest, from 1, that the record begins on.
  package var line: Int
  /// The manifest's own name for the column; nil when the line as a whole is meant.
  package var column: String?
  package var code: ImportProblemCode
  /// The text in question, shortened to `maximumValueSizeInBytes`, control characters as U+FFFD, invisible ones as
  /// `<U+200B>`; may be empty.
  package var value: String

  package init(line: Int, column: String?, code: ImportProblemCode, value: String) {
    self.line = line
    self.column = column.map(Self.shown)
    self.code = code
    self.value = Self.shown(value)
  }

  private static func shown(_ text: String) -> String {
    let text = text.revealed
    let isControl = { (scalar: Unicode.Scalar) in
      [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
    if text.utf8.count <= maximumValueSizeInBytes, !text.unicodeScalars.contains(where: isControl) { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      let scalar = isControl(scalar) ? "\u{FFFD}" : scalar
      // Three bytes are kept for the ellipsis.
      guard shown.utf8.count + UTF8.width(scalar) <= maximumValueSizeInBytes - 3 else { return shown + "…" }
      shown.unicodeScalars.append(scalar)
    }
    return shown
  }
}

/// Every reason why a line of a manifest is refused, and every warning; docs/manifest.md tells what each means.
package enum ImportProblemCode: String, Codable, Sendable, CaseIterable {
  // The text of the manifest
  case csvQuote = "csv_quote"
  case csvColumns = "csv_columns"
  case lineTooLong = "line_too_long"
  case jsonInvalid = "json_invalid"
  case jsonType = "json_type"
  case manifestEmpty = "manifest_empty"
  case headerFound = "header_found"
  case columnMissing = "column_missing"
  case columnTwice = "column_twice"
  case controlCharacter = "control_character"
  case invisibleCharacter = "invisible_character"
  // The invoice
  case numberMissing = "number_missing"
  case numberTooLong = "number_too_long"
  case numberDuplicate = "number_duplicate"
  case numberSpreadsheet = "number_spreadsheet"
  case cctMissing = "cct_missing"
  case cctTooLong = "cct_too_long"
  case cctSpreadsheet = "cct_spreadsheet"
  case periodMissing = "period_missing"
  case periodInvalid = "period_invalid"
  case periodSpreadsheet = "period_spreadsheet"
  case languageInvalid = "language_invalid"
  case sentAtInvalid = "sent_at_invalid"
  case recipientMissing = "recipient_missing"
  case addressInvalid = "address_invalid"
  case addressNotASCII = "address_not_ascii"
  case addressName = "address_name"
  // Its files
  case fileNotNamed = "file_not_named"
  case fileMissing = "file_missing"
  case fileAmbiguous = "file_ambiguous"
  case fileForbidden = "file_forbidden"
  case fileUnreadable = "file_unreadable"
  case fileEmpty = "file_empty"
  case fileNotPDF = "file_not_pdf"
  case fileTooLarge = "file_too_large"
  case attachmentsTooMany = "attachments_too_many"
  case attachmentMissing = "attachment_missing"
  case attachmentAmbiguous = "attachment_ambiguous"
  case attachmentForbidden = "attachment_forbidden"
  case attachmentUnreadable = "attachment_unreadable"
  case attachmentEmpty = "attachment_empty"
  case attachmentTooLarge = "attachment_too_large"
  // The catalogue
  case sentAlready = "sent_already"
  case openDelivery = "open_delivery"
  // Warnings
  case numberTwin = "number_twin"
  case valueSpreadsheet = "value_spreadsheet"
  case fileShared = "file_shared"

  /// Whether the line is imported all the same.
  package var isWarning: Bool {
    switch self {
    case .numberTwin, .valueSpreadsheet, .fileShared: true
    default: false
    }
  }
}
