import Model

/// Reads a manifest that comes in pieces, and checks each line as far as its text tells.
///
/// Memory is bounded by the longest record and the piece; how the text is cut makes no difference. Lines without content
/// are skipped. Takes UTF-8; a byte order mark at its beginning counts for nothing.
package struct ManifestParser: Sendable {
  /// Longer lines, or records of a table, are problems.
  package static let maximumLineSizeInBytes = CSVReader.maximumRecordSizeInBytes

  /// More columns are a problem: each is kept for each line, be it ever so short.
  package static let maximumColumns = 256

  private enum Reader {
    case csv(CSVReader)
    case lines(LineReader)
  }

  /// True when the manifest as a whole cannot be read: its header row cannot be used, or a quote has no end, so
  /// that nobody knows what the lines behind it would be. The problem was returned; what follows is not looked at, and
  /// nothing may be applied, bad lines skipped or not.
  package private(set) var isUnreadable = false

  private let folder: String
  private let mapping: HeaderMapping
  private let usedFields: Set<String>
  private var reader: Reader
  /// Nil before the header row of a table.
  private var columns: [Column]?

  private struct Column {
    var header: String
    var field: ManifestField
  }

  /// - Parameters:
  ///   - folder: absolute; relative paths start there.
  ///   - mapping: what the headers, or the keys of the JSON objects, mean.
  ///   - usedFields: template fields that mails show; what a spreadsheet has done to one is a warning.
  package init(format: ManifestFormat, folder: String, mapping: HeaderMapping, usedFields: Set<String> = []) {
    self.folder = folder
    self.mapping = mapping
    self.usedFields = Set(usedFields.map { $0.lowercased() })
    reader =
      switch format {
      case .csv: .csv(CSVReader())
      case .jsonl: .lines(LineReader(maximumSizeInBytes: Self.maximumLineSizeInBytes))
      }
  }

  /// Takes the next piece and returns the lines that it completes, in order.
  package mutating func feed(_ text: String) -> [ManifestLine] {
    if isUnreadable { return [] }
    var text = text
    return text.withUTF8 { feed($0) }
  }

  /// The same with UTF-8 bytes; may be cut anywhere.
  package mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) -> [ManifestLine] {
    if isUnreadable { return [] }
    switch reader {
    case .csv(var csv):
      // Not two owners at once, or each piece copies what the reader holds.
      reader = .csv(CSVReader())
      let elements = csv.feed(bytes)
      reader = .csv(csv)
      return elements.flatMap { lines(of: $0) }
    case .lines(var lines):
      reader = .lines(LineReader(maximumSizeInBytes: 0))
      let complete = lines.feed(bytes)
      reader = .lines(lines)
      return complete.compactMap { line(of: $0) }
    }
  }

  /// Ends the text. A table without even a header row is unreadable.
  package mutating func finish() -> [ManifestLine] {
    if isUnreadable { return [] }
    switch reader {
    case .csv(var csv):
      var result = csv.finish().flatMap { lines(of: $0) }
      if columns == nil, !isUnreadable {
        isUnreadable = true
        result.append(bad([ImportProblem(line: 1, column: nil, code: .manifestEmpty, value: "")]))
      }
      return result
    case .lines(var lines):
      return lines.finish().flatMap { line(of: $0) }.map { [$0] } ?? []
    }
  }

  // MARK: Tables

  private mutating func lines(of element: Result<CSVRecord, CSVFault>) -> [ManifestLine] {
    if isUnreadable { return [] }
    switch element {
    case .failure(let fault):
      if columns == nil || fault.kind == .quoteNotClosed { isUnreadable = true }
      let code: ImportProblemCode = fault.kind == .recordTooLong ? .lineTooLong : .csvQuote
      let column = columns.flatMap { $0.indices.contains(fault.field) ? $0[fault.field].header : nil }
      return [bad([ImportProblem(line: fault.line, column: column, code: code, value: fault.excerpt)])]
    case .success(let record):
      if record.fields.allSatisfy({ $0.trimmed.isEmpty }) { return [] }
      guard let columns else { return header(record) }
      return [RowCheck.check(row(of: record, columns), folder: folder, usedFields: usedFields)]
    }
  }

  private func row(of record: CSVRecord, _ columns: [Column]) -> ManifestRow {
    var row = ManifestRow(line: record.line, cells: [])
    row.cells.reserveCapacity(columns.count)
    for (i, column) in columns.enumerated() where !column.header.isEmpty {
      let text = i < record.fields.count ? record.fields[i] : ""
      row.cells.append(ManifestRow.Cell(header: column.header, field: column.field, content: .text(text)))
    }
    let surplus = record.fields.indices.first { i in
      (i >= columns.count || columns[i].header.isEmpty) && !record.fields[i].trimmed.isEmpty
    }
    if let surplus {
      row.problems.append(
        ImportProblem(line: record.line, column: nil, code: .csvColumns, value: record.fields[surplus]))
    }
    return row
  }

  /// Takes the header row; returns a line only when something is wrong with it.
  private mutating func header(_ record: CSVRecord) -> [ManifestLine] {
    guard record.fields.count <= Self.maximumColumns else {
      isUnreadable = true
      let count = "\(record.fields.count) > \(Self.maximumColumns)"
      return [bad([ImportProblem(line: record.line, column: nil, code: .csvColumns, value: count)])]
    }
    var problems: [ImportProblem] = []
    var seen: Set<ManifestField> = []
    let columns = record.fields.map { field in
      // A header that is broken into lines in its cell is one name all the same.
      let header = field.split(whereSeparator: \.isWhitespace).joined(separator: " ").trimmed.composed
      return Column(header: header, field: mapping.field(of: header))
    }
    for column in columns where !column.header.isEmpty {
      if !seen.insert(column.field.identity).inserted {
        problems.append(
          ImportProblem(line: record.line, column: column.header, code: .columnTwice, value: column.header))
      }
      if column.header.containsControlCharacter() {
        problems.append(
          ImportProblem(line: record.line, column: column.header, code: .controlCharacter, value: column.header))
      }
    }
    let missing = ManifestField.Builtin.allCases.filter { $0.isMandatory && !seen.contains(.builtin($0)) }
    if !missing.isEmpty {
      let found = columns.map(\.header).joined(separator: ", ")
      problems.append(ImportProblem(line: record.line, column: nil, code: .headerFound, value: found))
    }
    for field in missing {
      let known = mapping.headers(of: field).joined(separator: ", ")
      problems.append(
        ImportProblem(line: record.line, column: field.rawValue, code: .columnMissing, value: known))
    }
    self.columns = columns
    isUnreadable = !problems.isEmpty
    return problems.isEmpty ? [] : [bad(problems)]
  }

  private func bad(_ problems: [ImportProblem]) -> ManifestLine {
    ManifestLine(
      line: problems.first?.line ?? 1, problems: Array(problems.prefix(ManifestLine.maximumProblems)), warnings: [],
      invoice: nil, sentAt: nil, file: nil, attachments: [])
  }

  // MARK: JSON lines

  private func line(of line: LineReader.Line) -> ManifestLine? {
    if line.isTooLong {
      let beginning = String(decoding: line.bytes.prefix(CSVReader.maximumExcerptSizeInBytes), as: UTF8.self)
      return bad([ImportProblem(line: line.number, column: nil, code: .lineTooLong, value: beginning)])
    }
    if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return nil }
    do throws(JSONObjectReader.Fault) {
      let members = try JSONObjectReader.read(line.bytes)
      return RowCheck.check(row(of: members, line: line.number), folder: folder, usedFields: usedFields)
    } catch {
      return bad([ImportProblem(line: line.number, column: error.key, code: .jsonInvalid, value: error.excerpt)])
    }
  }

  private func row(of members: [JSONObjectReader.Member], line: Int) -> ManifestRow {
    var row = ManifestRow(line: line, cells: [])
    for member in members {
      if case .object(let nested) = member.value, mapping.field(of: member.key) == .template("fields") {
        for inner in nested {
          let header = "\(member.key).\(inner.key)"
          row.add(header, .template(inner.key.trimmed.composed), inner.value)
        }
      } else {
        row.add(member.key, mapping.field(of: member.key), member.value)
      }
    }
    return row
  }
}

extension ManifestRow {
  /// A `null` is the same as a key that is not there.
  fileprivate mutating func add(_ header: String, _ field: ManifestField, _ value: JSONObjectReader.Value) {
    switch value {
    case .null: break
    case .text(let text): cells.append(Cell(header: header, field: field, content: .text(text)))
    case .list(let entries): cells.append(Cell(header: header, field: field, content: .list(entries)))
    case .object, .other:
      problems.append(ImportProblem(line: line, column: header, code: .jsonType, value: ""))
    }
  }
}

/// How a manifest is written.
package enum ManifestFormat: String, Sendable, Hashable, CaseIterable {
  /// RFC 4180 with a header row.
  case csv
  /// One JSON object a line.
  case jsonl
}

/// One record of a manifest, in either format, before anything of it is checked.
struct ManifestRow {
  struct Cell {
    /// The manifest's own name for the column.
    var header: String
    var field: ManifestField
    var content: Content
  }

  enum Content {
    /// A cell of a table, or a JSON string, number or boolean: a list is written with separators.
    case text(String)
    /// A JSON array of strings.
    case list([String])
  }

  /// From 1.
  var line: Int
  var cells: [Cell]
  /// What was wrong with the record itself.
  var problems: [ImportProblem] = []
}
