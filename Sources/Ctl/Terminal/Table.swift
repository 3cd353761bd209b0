/// Rows of text in aligned columns.
struct Table: Sendable {
  enum Alignment: Sendable { case left, right }

  /// Two spaces between columns: enough to tell them apart, and cells hold single spaces.
  static let gap = "  "

  let header: [String]
  let alignments: [Alignment]
  private(set) var rows: [[String]] = []

  /// - Parameter columns: header and alignment, from left to right.
  init(_ columns: (String, Alignment)...) {
    header = columns.map(\.0)
    alignments = columns.map(\.1)
  }

  /// Adds a row; its cells are made printable. Missing cells are empty, surplus ones are dropped.
  mutating func add(_ cells: String...) {
    rows.append(alignments.indices.map { $0 < cells.count ? cells[$0].printable : "" })
  }

  /// Header and rows, each without white space at its end. The last column is not padded.
  var lines: [String] {
    let all = [header] + rows
    let widths = alignments.indices.map { column in all.map { $0[column].columns }.max() ?? 0 }
    return all.map { row in
      let cells = alignments.indices.map { row[$0].padded(to: widths[$0], alignedRight: alignments[$0] == .right) }
      let line = cells.joined(separator: Self.gap)
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
