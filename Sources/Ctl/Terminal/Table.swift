/// Rows of text in aligned columns, which can be printed as they come.
///
/// The columns are as wide as the rows so far want it. A later row may make one wider, and never narrower: whoever reads a
/// list of 20,000 lines has the first of them before the last one is known.
struct Table: Sendable {
  enum Alignment: Sendable { case left, right }

  /// Two spaces between columns: enough to tell them apart, and cells hold single spaces.
  static let gap = "  "

  private let alignments: [Alignment]
  private var widths: [Int]
  /// Those that were not taken yet, the header among them.
  private var rows: [[String]]

  /// - Parameter columns: header and alignment, from left to right.
  init(_ columns: (String, Alignment)...) {
    alignments = columns.map(\.1)
    rows = [columns.map(\.0)]
    widths = columns.map { _ in 0 }
  }

  /// Adds a row; its cells are made printable. Missing cells are empty, surplus ones are dropped.
  mutating func add(_ cells: String...) {
    rows.append(alignments.indices.map { $0 < cells.count ? cells[$0].printable : "" })
  }

  /// The lines since the last call, at first with the header, each without white space at its end.
  mutating func takeLines() -> [String] {
    for column in widths.indices {
      widths[column] = rows.reduce(widths[column]) { max($0, $1[column].columns) }
    }
    defer { rows = [] }
    return rows.map(line)
  }

  private func line(_ row: [String]) -> String {
    let cells = row.indices.map { row[$0].padded(to: widths[$0], alignedRight: alignments[$0] == .right) }
    let line = cells.joined(separator: Self.gap)
    guard let end = line.utf8.lastIndex(where: { $0 != UInt8(ascii: " ") }) else { return "" }
    return String(Substring(line.utf8[...end]))
  }
}
