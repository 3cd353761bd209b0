/// Cuts text that comes in pieces into lines, in memory that is bounded by the longest line.
struct LineReader: Sendable {
  struct Line {
    /// From 1.
    var number: Int
    /// Without its line feed.
    var bytes: [UInt8]
    /// Longer than the bound; only its beginning is here.
    var isTooLong: Bool
  }

  private let maximumSizeInBytes: Int
  private var number = 1
  private var bytes: [UInt8] = []
  private var isTooLong = false

  init(maximumSizeInBytes: Int) { self.maximumSizeInBytes = maximumSizeInBytes }

  /// The lines that this piece completes. A byte order mark before the first is left out.
  mutating func feed(_ piece: UnsafeBufferPointer<UInt8>) -> [Line] {
    var lines: [Line] = []
    var start = 0
    while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
      append(piece[start..<end])
      lines.append(take())
      start = end + 1
    }
    append(piece[start...])
    return lines
  }

  /// The last line, if it has no line feed.
  mutating func finish() -> Line? { bytes.isEmpty ? nil : take() }

  private mutating func append(_ part: Slice<UnsafeBufferPointer<UInt8>>) {
    let room = maximumSizeInBytes - bytes.count
    bytes.append(contentsOf: part.prefix(room))
    if part.count > room { isTooLong = true }
  }

  private mutating func take() -> Line {
    let hasMark = number == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let line = Line(number: number, bytes: Array(bytes.dropFirst(hasMark ? 3 : 0)), isTooLong: isTooLong)
    number += 1
    bytes.removeAll(keepingCapacity: true)
    isTooLong = false
    return line
  }
}
