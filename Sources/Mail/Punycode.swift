/// Punycode (RFC 3492): a label's Unicode characters as ASCII letters, digits and hyphens.
enum Punycode {
  // Section 5: the parameters for domain names.
  private static let base = 36
  private static let minimumThreshold = 1
  private static let maximumThreshold = 26
  private static let skew = 38
  private static let damp = 700
  private static let initialBias = 72
  private static let initialCodePoint = 128

  /// Without the `xn--`. Nil where a number overflows (section 6.4), which no label of a mail's length does.
  static func encode(_ label: String) -> String? {
    let input = label.unicodeScalars.map { Int($0.value) }
    var output = input.filter { $0 < 128 }.map { UInt8($0) }
    let basicCount = output.count
    var handled = basicCount
    if basicCount > 0 { output.append(UInt8(ascii: "-")) }
    var next = initialCodePoint
    var delta = 0
    var bias = initialBias
    while handled < input.count {
      guard let least = input.filter({ $0 >= next }).min() else { return nil }
      let (step, overflow) = (least - next).multipliedReportingOverflow(by: handled + 1)
      guard !overflow else { return nil }
      delta += step
      next = least
      for codePoint in input {
        if codePoint < next { delta += 1 }
        guard codePoint == next else { continue }
        append(delta, bias: bias, to: &output)
        bias = adapt(delta, count: handled + 1, isFirst: handled == basicCount)
        delta = 0
        handled += 1
      }
      delta += 1
      next += 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// The reverse of `encode`; nil where the text is no Punycode.
  static func decode(_ text: String) -> String? {
    guard text.utf8.allSatisfy({ $0 < 128 }) else { return nil }
    let bytes = Array(text.utf8)
    let delimiter = bytes.lastIndex(of: UInt8(ascii: "-"))
    var output = bytes[..<(delimiter ?? 0)].map { Int($0) }
    var position = delimiter.map { $0 + 1 } ?? 0
    var next = initialCodePoint
    var index = 0
    var bias = initialBias
    while position < bytes.count {
      let oldIndex = index
      var weight = 1
      for k in stride(from: base, to: .max, by: base) {
        guard position < bytes.count, let digit = value(of: bytes[position]) else { return nil }
        position += 1
        let (step, overflow) = digit.multipliedReportingOverflow(by: weight)
        guard !overflow, index <= Int.max - step else { return nil }
        index += step
        let threshold = threshold(k, bias)
        if digit < threshold { break }
        let (grown, tooLarge) = weight.multipliedReportingOverflow(by: base - threshold)
        guard !tooLarge else { return nil }
        weight = grown
      }
      bias = adapt(index - oldIndex, count: output.count + 1, isFirst: oldIndex == 0)
      next += index / (output.count + 1)
      index %= output.count + 1
      guard next <= 0x10FFFF else { return nil }
      output.insert(next, at: index)
      index += 1
    }
    var label = String.UnicodeScalarView()
    for codePoint in output {
      guard let scalar = Unicode.Scalar(UInt32(codePoint)) else { return nil }
      label.append(scalar)
    }
    return String(label)
  }

  /// A variable-length integer (section 3.3).
  private static func append(_ number: Int, bias: Int, to output: inout [UInt8]) {
    var rest = number
    for k in stride(from: base, to: .max, by: base) {
      let threshold = threshold(k, bias)
      if rest < threshold { break }
      output.append(digit(threshold + (rest - threshold) % (base - threshold)))
      rest = (rest - threshold) / (base - threshold)
    }
    output.append(digit(rest))
  }

  private static func threshold(_ k: Int, _ bias: Int) -> Int {
    min(max(k - bias, minimumThreshold), maximumThreshold)
  }

  /// Section 6.1.
  private static func adapt(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / damp : delta / 2
    delta += delta / count
    var k = 0
    while delta > ((base - minimumThreshold) * maximumThreshold) / 2 {
      delta /= base - minimumThreshold
      k += base
    }
    return k + (base - minimumThreshold + 1) * delta / (delta + skew)
  }

  private static func digit(_ value: Int) -> UInt8 {
    UInt8(value < 26 ? value + 97 : value - 26 + 48)
  }

  private static func value(of digit: UInt8) -> Int? {
    switch digit {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(digit) - 97
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(digit) - 65
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(digit) - 48 + 26
    default: nil
    }
  }
}
