/// Numbers that a test can repeat (SplitMix64), and what the robustness tests do with them.
struct SeededGenerator: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Removes, repeats, changes or inserts something.
  mutating func mutilate(_ bytes: inout [UInt8], with special: [UInt8]) {
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

  mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
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
