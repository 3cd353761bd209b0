import TestSupport

/// Ends the process, so that libFuzzer keeps the input, unless `holds` is true.
///
/// - Parameter fact: what ought to be true, in words.
func property(_ fact: String, _ holds: Bool, _ found: @autoclosure () -> String = "") {
  if !holds { broken(fact, found()) }
}

/// The value, which ought to be there.
func property<T>(_ fact: String, _ value: T?, _ found: @autoclosure () -> String = "") -> T {
  guard let value else { broken(fact, found()) }
  return value
}

private func broken(_ fact: String, _ found: String) -> Never {
  fatalError("not true: \(fact)\(found.isEmpty ? "" : ": \(found.debugDescription)")")
}

/// The input in pieces that depend on nothing but the input, so that a finding can be repeated; some are empty.
func pieces(of bytes: [UInt8]) -> [[UInt8]] {
  // FNV-1a
  var random = SeededGenerator(seed: bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
  // Long inputs in long pieces, or most of the time would go into cutting.
  let longest = max(9, bytes.count / 16)
  var pieces: [[UInt8]] = []
  var start = 0
  while start < bytes.count {
    let end = min(bytes.count, start + Int.random(in: 0...longest, using: &random))
    pieces.append(Array(bytes[start..<end]))
    start = end
  }
  return pieces
}

extension String {
  /// A C0 or C1 control character or U+007F: what ends a header line, or does something to a terminal.
  var hasControl: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }
}
