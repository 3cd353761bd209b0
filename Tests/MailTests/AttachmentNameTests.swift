import Testing

@testable import Mail

@Suite struct AttachmentNameTests {
  @Test("an ASCII name stands alone")
  func ascii() {
    #expect(AttachmentName("FACTURE 1.pdf").dispositionParameters == ["filename=\"FACTURE 1.pdf\""])
  }

  @Test("another name stands in RFC 2231's form, with an ASCII one beside it")
  func encoded() {
    #expect(
      AttachmentName("Facture été (1) €.pdf").dispositionParameters == [
        "filename*=UTF-8''Facture%20%C3%A9t%C3%A9%20%281%29%20%E2%82%AC.pdf",
        "filename=\"Facture ete (1) _.pdf\"",
      ])
  }

  @Test(
    "separators, quotes and direction marks are replaced",
    arguments: [
      ("../../etc/passwd", ".._.._etc_passwd"),
      (#"C:\x\"y".pdf"#, "C:_x__y_.pdf"),
      ("fac\u{202E}fdp.exe", "fac_fdp.exe"),
      ("  ", "attachment"),
      ("e\u{301}.pdf", "é.pdf"),
    ])
  func sanitised(text: String, name: String) {
    #expect(AttachmentName(text).name == name)
  }

  @Test("a long name is cut at a whole character and keeps its extension")
  func long() {
    let name = AttachmentName(String(repeating: "👨‍👩‍👧‍👦", count: 20) + ".pdf").name
    #expect(name == String(repeating: "👨‍👩‍👧‍👦", count: 7) + ".pdf")
    #expect(name.utf8.count <= 200)
    #expect(AttachmentName(String(repeating: "a", count: 300)).name.count == 200)
  }
}
