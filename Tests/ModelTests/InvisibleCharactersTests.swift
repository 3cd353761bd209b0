import Model
import Testing

@Suite("Invisible characters")
struct InvisibleCharactersTests {
  @Test(
    "each is shown by its number",
    arguments: [
      ("INV-900\u{200B}", "INV-900<U+200B>"), ("INV\u{AD}-900", "INV<U+00AD>-900"), ("\u{200E}INV", "<U+200E>INV"),
      ("INV-900\u{FE0F}", "INV-900<U+FE0F>"), ("a\u{2060}b\u{FEFF}", "a<U+2060>b<U+FEFF>"),
      ("a\u{202E}b", "a<U+202E>b"),
      ("é\u{200D}è", "é<U+200D>è"), ("a\u{E0020}", "a<U+E0020>"), ("a\u{3164}", "a<U+3164>"),
      ("a\u{2800}", "a<U+2800>"),
    ])
  func revealed(_ text: String, _ shown: String) {
    #expect(text.revealed == shown)
    #expect(text.hasInvisibleCharacter)
  }

  @Test(
    "what shapes its neighbour stays, and so does what can be seen",
    arguments: ["⚠️ ❤️", "👩‍👩‍👧", "葛\u{E0100}", "می\u{200C}خواهم", "Zoé\u{A0}\u{202F}€", "a\tb\n", "INV-900", ""])
  func shown(_ text: String) {
    #expect(Array(text.revealed.unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test(
    "blanks and invisible characters around a text are dropped, and nothing inside it",
    arguments: [
      (" \u{200B}\u{FEFF} INV\u{200B}900 \u{200E}", "INV\u{200B}900"), ("\u{200B}", ""), ("❤️ ", "❤️"),
      ("90\u{FE0F}", "90"),
      ("\u{A0}a b\r\n", "a b"), ("é", "é"), ("", ""),
    ])
  func trimmed(_ text: String, _ rest: String) {
    #expect(Array(text.trimmed.unicodeScalars) == Array(rest.unicodeScalars))
  }

  @Test("blanks around a text can be kept")
  func trimmedOfInvisible() {
    #expect("\u{200B} a \u{FEFF}".trimmedOfInvisible == " a ")
  }

  @Test("a problem of an import shows them, and stays within its bound")
  func problem() {
    #expect(
      ImportProblem(line: 2, column: "num\u{200B}ber", code: .columnMissing, value: "a\u{200B}b\u{7}")
        == ImportProblem(line: 2, column: "num<U+200B>ber", code: .columnMissing, value: "a<U+200B>b\u{FFFD}"))
    let long = ImportProblem(line: 1, column: nil, code: .csvQuote, value: String(repeating: "\u{200B}", count: 1000))
    #expect(long.value.utf8.count <= ImportProblem.maximumValueSizeInBytes)
  }
}
