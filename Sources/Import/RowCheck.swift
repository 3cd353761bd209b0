import Foundation
import Mail
import Model

/// Checks one record of a manifest, all but its files, and makes an invoice of it.
struct RowCheck {
  /// What a number or a customer code may have: they stand in every line of the progress and in file names.
  private static let maximumKeySizeInBytes = 128
  /// Each is kept with its whole path, which may be some KiB, where a line of the manifest may name thousands.
  static let maximumAttachments = 100
  /// RFC 5646, section 4.4.1, plans for 35 characters.
  private static let maximumLanguageLength = 35

  /// A template field may have several lines, such as a postal address.
  private static let textControls: Set<Unicode.Scalar> = ["\t", "\n", "\r", "\u{2028}", "\u{2029}"]

  private let folder: String
  private let line: Int
  private let usedFields: Set<String>
  private var problems: [ImportProblem]
  private var warnings: [ImportProblem] = []
  private var cells: [ManifestField.Builtin: ManifestRow.Cell] = [:]
  private var fields: [String: String] = [:]
  private var names: Set<ManifestField> = []

  /// - Parameters:
  ///   - folder: absolute; relative paths start there.
  ///   - usedFields: template fields that mails show, in lower case.
  static func check(_ row: ManifestRow, folder: String, usedFields: Set<String>) -> ManifestLine {
    var check = RowCheck(row: row, folder: folder, usedFields: usedFields)
    return check.line(of: row)
  }

  private init(row: ManifestRow, folder: String, usedFields: Set<String>) {
    self.folder = folder
    self.usedFields = usedFields
    line = row.line
    problems = Array(row.problems.prefix(ManifestLine.maximumProblems))
  }

  private mutating func line(of row: ManifestRow) -> ManifestLine {
    for cell in row.cells { sort(cell) }
    let number = key(.number, missing: .numberMissing, tooLong: .numberTooLong, rewritten: .numberSpreadsheet)
    let cct = key(.cct, missing: .cctMissing, tooLong: .cctTooLong, rewritten: .cctSpreadsheet)
    let period = period()
    let file = text(of: .file, missing: .fileNotNamed).map { named($0, .file) }
    let attachments = attachments()
    let to = mailboxes(.to)
    let cc = mailboxes(.cc) ?? []
    let bcc = mailboxes(.bcc) ?? []
    let language = language()
    let sentAt = sentAt()
    var result = ManifestLine(
      line: line, problems: problems, warnings: warnings, invoice: nil, sentAt: sentAt, file: file,
      attachments: attachments)
    if problems.isEmpty, let number, let cct, let period, let file, let to {
      result.invoice = Invoice(
        number: number, cct: cct, period: period, file: Self.unread(file),
        attachments: attachments.map(Self.unread), to: to, cc: cc, bcc: bcc, language: language, fields: fields)
    }
    return result
  }

  private static func unread(_ file: ManifestLine.NamedFile) -> FileReference {
    FileReference(path: file.path, sha256: "", sizeInBytes: 0)
  }

  private mutating func note(_ code: ImportProblemCode, _ column: String?, _ value: String = "") {
    guard problems.count < ManifestLine.maximumProblems else { return }
    problems.append(ImportProblem(line: line, column: column, code: code, value: value))
  }

  private mutating func warn(_ code: ImportProblemCode, _ column: String, _ value: String) {
    guard warnings.count < ManifestLine.maximumProblems else { return }
    warnings.append(ImportProblem(line: line, column: column, code: code, value: value))
  }

  private func header(of field: ManifestField.Builtin) -> String { cells[field]?.header ?? field.rawValue }

  private mutating func sort(_ cell: ManifestRow.Cell) {
    switch cell.field {
    case .builtin(let field):
      var cell = cell
      if case .text(let text) = cell.content { cell.content = .text(SpreadsheetText.unwrapped(text)) }
      if cells.updateValue(cell, forKey: field) != nil { note(.columnTwice, cell.header) }
    case .template(let name):
      guard case .text(let content) = cell.content else {
        note(.jsonType, cell.header)
        return
      }
      let text = SpreadsheetText.unwrapped(content).trimmedOfInvisible
      if usedFields.contains(name.lowercased()), SpreadsheetText.isRewrittenValue(text.trimmed) {
        warn(.valueSpreadsheet, cell.header, text)
      }
      if text.containsControlCharacter(except: Self.textControls) { note(.controlCharacter, cell.header, text) }
      if !names.insert(cell.field.identity).inserted { note(.columnTwice, cell.header) }
      fields[name] = text
    }
  }

  /// Nil, with a problem where there ought to be a text, for an empty cell and one that cannot be used.
  private mutating func text(of field: ManifestField.Builtin, missing: ImportProblemCode? = nil) -> String? {
    let header = header(of: field)
    let text: String
    switch cells[field]?.content {
    case .text(let content):
      let content = content.trimmed
      // A file may have such a name.
      text = field == .file ? content : SpreadsheetText.withoutApostrophe(content)
    case .list:
      note(.jsonType, header)
      return nil
    case nil: text = ""
    }
    if text.isEmpty {
      if let missing { note(missing, header) }
      return nil
    }
    if text.containsControlCharacter() {
      note(.controlCharacter, header, text)
      return nil
    }
    return text
  }

  private mutating func key(
    _ field: ManifestField.Builtin, missing: ImportProblemCode, tooLong: ImportProblemCode,
    rewritten: ImportProblemCode
  ) -> String? {
    guard let key = text(of: field, missing: missing)?.composed else { return nil }
    guard !key.hasInvisibleCharacter else {
      note(.invisibleCharacter, header(of: field), key)
      return nil
    }
    guard !SpreadsheetText.isRewrittenKey(key) else {
      note(rewritten, header(of: field), key)
      return nil
    }
    guard key.utf8.count <= Self.maximumKeySizeInBytes else {
      note(tooLong, header(of: field), key)
      return nil
    }
    return key
  }

  private mutating func period() -> Period? {
    guard let text = text(of: .period, missing: .periodMissing) else { return nil }
    switch PeriodText.read(text) {
    case .success(let period): return period
    case .failure(let refusal):
      note(refusal.code, header(of: .period), text)
      return nil
    }
  }

  private mutating func language() -> String? {
    guard let written = text(of: .language) else { return nil }
    if SpreadsheetText.isRewrittenValue(written) { warn(.valueSpreadsheet, header(of: .language), written) }
    let text = written.lowercased()
    // It becomes part of a template's file name.
    let isTag = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-")
    }
    guard isTag, text.utf8.count <= Self.maximumLanguageLength else {
      note(.languageInvalid, header(of: .language), text)
      return nil
    }
    return text
  }

  private mutating func sentAt() -> Date? {
    guard let text = text(of: .sentAt) else { return nil }
    guard let date = SentAtText.read(text) else {
      note(.sentAtInvalid, header(of: .sentAt), text)
      return nil
    }
    return date
  }

  private func named(_ path: String, _ field: ManifestField.Builtin) -> ManifestLine.NamedFile {
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    return ManifestLine.NamedFile(column: header(of: field), path: isAbsolute ? path : "\(folder)/\(path)")
  }

  private mutating func attachments() -> [ManifestLine.NamedFile] {
    var files: [ManifestLine.NamedFile] = []
    // A comma is common in file names.
    for entry in entries(.attachments, isSeparator: { $0 == ";" || $0.isLineBreak }) {
      let path = entry.trimmed
      if path.containsControlCharacter() {
        note(.controlCharacter, header(of: .attachments), path)
      } else if !path.isEmpty {
        files.append(named(path, .attachments))
      }
    }
    guard files.count <= Self.maximumAttachments else {
      note(.attachmentsTooMany, header(of: .attachments), "\(files.count) > \(Self.maximumAttachments)")
      return []
    }
    return files
  }

  /// Nil, with problems, when there is an address that cannot be used, or none in `to`.
  private mutating func mailboxes(_ field: ManifestField.Builtin) -> [Mailbox]? {
    var mailboxes: [Mailbox] = []
    var isGood = true
    for entry in entries(field, isSeparator: \.isLineBreak) {
      do throws(AddressError) {
        mailboxes += try AddressParser.parse(entry)
      } catch {
        note(Self.code(of: error), header(of: field), error.text)
        isGood = false
      }
    }
    guard isGood else { return nil }
    if mailboxes.isEmpty, field.isMandatory {
      note(.recipientMissing, header(of: field))
      return nil
    }
    return mailboxes
  }

  private static func code(of error: AddressError) -> ImportProblemCode {
    switch error.reason {
    case .localPartNotASCII: .addressNotASCII
    case .control: .controlCharacter
    case .invisible: .invisibleCharacter
    case .nameIsAddress: .addressName
    case .notAnAddress, .comment, .unbalanced, .localPart, .domain: .addressInvalid
    }
  }

  /// The entries of a list: of a JSON array as they are, of a text those between separators.
  private func entries(
    _ field: ManifestField.Builtin, isSeparator: (Unicode.Scalar) -> Bool
  ) -> [String] {
    switch cells[field]?.content {
    case .text(let text): text.unicodeScalars.split(whereSeparator: isSeparator).map { String($0) }
    case .list(let entries): entries
    case nil: []
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isLineBreak: Bool { self == "\n" || self == "\r" }
}
