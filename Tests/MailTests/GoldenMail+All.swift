import Model

@testable import Mail

extension GoldenMail: CustomStringConvertible {
  var description: String { name }

  private static let pdf = Array("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".utf8)
  private static let invoice = File(name: "FACTURE_F-2026-0001.pdf", contentType: "application/pdf", content: pdf)
  private static let client = Mailbox(address: "client@example.be")

  static let all: [GoldenMail] = [
    GoldenMail(
      name: "french",
      from: Mailbox(name: "Société d'Énergie – Facturation", address: "facturation@example.be"),
      message: Message(
        to: [
          Mailbox(name: "Jérôme Lefèbvre 🎉", address: "jerome@example.fr"),
          Mailbox(name: "Zoë Müller-Çelik", address: "zoe@example.be"),
        ],
        subject: "Facture F-2026-0001 – novembre 2026 ✅",
        text: """
          Bonjour,

          Veuillez trouver ci-joint la facture F-2026-0001 d'un montant de 1 234,56 € à régler avant le 15 décembre.
          À bientôt 👋

          """),
      files: [invoice]),
    GoldenMail(
      name: "dutch",
      replyTo: [
        Mailbox(name: "Boekhouding", address: "boekhouding@example.be"), Mailbox(address: "help@example.be"),
      ],
      message: Message(
        to: [Mailbox(name: "Jan van der Meer", address: "jan@example.nl")], subject: "Factuur F-2026-0002",
        text: "Beste klant,\r\n\r\nIn bijlage vindt u niets: deze brief heeft geen bijlage.\r\nMet vriendelijke groeten"
      )),
    GoldenMail(
      name: "english-html",
      message: Message(
        to: [client], subject: "Invoice F-2026-0003",
        text: "Dear customer,\n\nPlease find your invoice attached: 3 < 4 & a = b.\n",
        html: """
          <html><body><p style="color:#333">Dear customer,</p>
          <p>3 &lt; 4 &amp; a = b — “thanks”.</p></body></html>

          """),
      files: [invoice], messageID: "<k3yst0re.42.1@example.be>"),
    GoldenMail(
      name: "several-attachments",
      message: Message(to: [client], subject: "Facture et annexes", text: "Voir les annexes.\n"),
      files: [
        invoice,
        File(
          name: "détail des prestations.csv", contentType: "text/csv",
          content: Array("numéro;montant\r\n1;2,5\r\n".utf8)),
        File(name: "octets.bin", contentType: "application/octet-stream", content: (0..<1000).map { UInt8($0 % 256) }),
        File(name: "vide.txt", contentType: "text/plain", content: []),
      ]),
    GoldenMail(
      name: "long-file-name",
      message: Message(to: [client], subject: "Nom long", text: "Voir.\n"),
      files: [
        File(
          name: String(repeating: "Facture n° été 🎉 ", count: 20) + ".pdf", contentType: "application/pdf",
          content: pdf,
          shownName: String(repeating: "Facture n° été 🎉 ", count: 8) + "Facture n°.pdf"),
        File(
          name: #"..\a/b"c".pdf"#, contentType: "application/pdf", content: pdf, shownName: ".._a_b_c_.pdf"),
      ]),
    GoldenMail(
      name: "copies",
      message: Message(
        to: [client], cc: [Mailbox(name: "Dupont, Jean \"Le Grand\" \\ Cie", address: "jean@example.fr")],
        bcc: [Mailbox(name: "Archives", address: "archives@example.be"), Mailbox(address: "double@example.be")],
        subject: "Facture F-2026-0006", text: "Bonjour.\n", html: "<p>Bonjour.</p>\n")),
    GoldenMail(
      name: "idn",
      from: Mailbox(name: "Stadtwerke", address: "rechnung@münchen.example"),
      message: Message(
        to: [Mailbox(name: "Ana", address: "ana@exámple.com"), Mailbox(address: "info@xn--mnchen-3ya.example")],
        subject: "Rechnung F-2026-0007", text: "Guten Tag\n")),
    GoldenMail(
      name: "long-subject",
      message: Message(
        to: [client],
        subject: (1...30).map { "Facture n° \($0) de l'année passée 👨‍👩‍👧‍👦" }.joined(separator: ", "),
        text: "Voir l'objet.\n")),
    GoldenMail(
      name: "unbroken-subject",
      message: Message(to: [client], subject: String(repeating: "0123456789", count: 120), text: "Voir l'objet.\n")),
    GoldenMail(
      name: "long-names",
      message: Message(
        to: [
          Mailbox(
            name: "The Society for the Prevention of Unreasonably Long Names, Ltd. & Co. (Holdings) of Northern Europe",
            address: "society@example.org"),
          Mailbox(
            name:
              "Association des propriétaires et des copropriétaires de la résidence « Les Érables argentés » à Liège",
            address: "association@example.be"),
          Mailbox(name: String(repeating: "Unbroken", count: 20), address: "unbroken@example.be"),
        ] + (1...12).map { Mailbox(name: "Destinataire n° \($0)", address: "destinataire.\($0)@example.be") },
        subject: "Aux membres", text: "Bonjour.\n")),
    GoldenMail(
      name: "awkward-text",
      message: Message(
        to: [client], subject: "  請求書  ",
        text: "請求書をお送りいたします。よろしくお願いいたします。\n",
        html: "From me\n.\n..x = y \n--=_mixed_\n\ttab\t\n" + String(repeating: "long ", count: 400) + "end\n")),
  ]
}
