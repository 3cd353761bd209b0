/// What stands on a terminal after some output: knows line ends, carriage return and "erase to the end of the line".
enum ScreenText {
  static func lines(of output: String) -> [String] {
    var lines: [[Character]] = [[]]
    var column = 0
    // A carriage return and a line feed are one Character together.
    var rest = output.unicodeScalars.split(separator: "\u{1B}", omittingEmptySubsequences: false).map { String($0) }
    let plain = rest.removeFirst()
    func write(_ text: String) {
      for character in text {
        switch character {
        case "\r\n", "\n":
          lines.append([])
          column = 0
        case "\r": column = 0
        default:
          if column < lines[lines.count - 1].count {
            lines[lines.count - 1][column] = character
          } else {
            lines[lines.count - 1].append(character)
          }
          column += 1
        }
      }
    }
    write(plain)
    for sequence in rest {
      guard sequence.hasPrefix("[K") else { continue }
      lines[lines.count - 1].removeSubrange(min(column, lines[lines.count - 1].count)...)
      write(String(sequence.dropFirst(2)))
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { String($0) }
  }
}
