import Foundation

/// The addresses of a To, Cc or Bcc field (RFC 5322, section 3.4): comments, names, groups and quotes are understood.
struct AddressList: Sendable {
  /// `local@domain`, in order.
  let addresses: [String]

  /// Nil when one of them is no address that Gmail would take: ASCII only, a domain of at least two labels.
  init?(_ value: String) {
    var addresses: [String] = []
    for element in Self.elements(of: value) {
      guard let address = Self.address(in: element) else { return nil }
      addresses.append(address)
    }
    self.addresses = addresses
  }

  /// What stands between commas, without comments and group names. Nothing else is taken away.
  private static func elements(of value: String) -> [String] {
    var elements: [String] = []
    var element = ""
    var (quoted, escaped, angled, comments) = (false, false, false, 0)
    for character in value {
      if escaped {
        escaped = false
      } else if character == "\\", quoted || comments > 0 {
        escaped = true
      } else if comments > 0 {
        comments += character == "(" ? 1 : character == ")" ? -1 : 0
        continue
      } else if character == "\"" {
        quoted.toggle()
      } else if !quoted {
        switch character {
        case "(":
          comments = 1
          continue
        case "<": angled = true
        case ">": angled = false
        case ":" where !angled:
          element = ""
          continue
        case "," where !angled, ";" where !angled:
          elements.append(element)
          element = ""
          continue
        default: break
        }
      }
      if comments == 0 { element.append(character) }
    }
    return (elements + [element]).map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  private static func address(in element: String) -> String? {
    var address = element[...]
    if element.hasSuffix(">") {
      guard let angle = element.lastIndex(of: "<") else { return nil }
      address = element[element.index(after: angle)...].dropLast()
    }
    guard let at = address.lastIndex(of: "@") else { return nil }
    let local = address[..<at]
    let labels = address[address.index(after: at)...].split(separator: ".", omittingEmptySubsequences: false)
    guard isLocalPart(local), labels.count >= 2, labels.allSatisfy(isLabel) else { return nil }
    return String(address)
  }

  private static func isLocalPart(_ local: Substring) -> Bool {
    if local.count > 2, local.hasPrefix("\""), local.hasSuffix("\"") { return local.allSatisfy(\.isASCII) }
    let atoms = local.split(separator: ".", omittingEmptySubsequences: false)
    return atoms.allSatisfy { atom in
      !atom.isEmpty && atom.allSatisfy { isLetterOrDigit($0) || "!#$%&'*+-/=?^_`{|}~".contains($0) }
    }
  }

  private static func isLabel(_ label: Substring) -> Bool {
    !label.isEmpty && label.count <= 63 && !label.hasPrefix("-") && !label.hasSuffix("-")
      && label.allSatisfy { isLetterOrDigit($0) || $0 == "-" }
  }

  private static func isLetterOrDigit(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber)
  }
}
