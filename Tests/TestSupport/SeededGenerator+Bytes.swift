/// What robustness tests do to a text.
extension SeededGenerator {
  /// Removes, repeats, changes or inserts something.
  package mutating func mutilate(_ bytes: inout [UInt8], with special: [UInt8]) {
    guard !bytes.isEmpty else { return }
    let i = Int.random(in: bytes.indices, using: &self)
    let end = min(bytes.count, i + Int.random(in: 1...8, using: &self))
    switch UInt8.random(in: 0...3, using: &self) {
    case 0: bytes.removeSubrange(i..<end)
    case 1: bytes.insert(contentsOf: bytes[i..<end], at: Int.random(in: bytes.indices, using: &self))
    case 2: bytes[i] = UInt8.random(in: .min ... .max, using: &self)
    default: bytes.insert(special.randomElement(using: &self) ?? 0, at: i)
    }
  }

  /// Cuts at random places; some pieces are empty.
  package mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + Int.random(in: 0...9, using: &self))
      pieces.append(Array(bytes[start..<end]))
      start = end
    }
    return pieces
  }
}
