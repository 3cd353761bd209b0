#!/usr/bin/env python3
"""Generates the sample month: invoices.csv and pdf/FACTURE-2026-10-001.pdf to -050.pdf, beside this file.

It uses only Python's standard library, and produces the same bytes on every run. All names and numbers are invented: the
domains are reserved (RFC 2606, RFC 6761), and the account is the usual example of an IBAN.
The table is written as Excel does in Belgium: semicolons, CRLF, UTF-8 with a byte order mark, French headers.
"""

import csv
import io
import pathlib

COUNT = 50
PERIOD = "2026-10"
# The Gmail stand-in refuses recipients of this name; these two show what a failed delivery looks like.
REFUSED = {17, 38}
HERE = pathlib.Path(__file__).resolve().parent
HEADERS = ["numéro", "CCT", "période", "fichier", "e-mail", "copie", "langue", "client", "montant", "échéance",
           "communication", "remarque"]

# code, name, address of the seat, language, To, Cc, domain, VAT in percent, lines of the invoice (text, unit price)
CUSTOMERS = [
    ("CCT101", "Boulangerie Crèvecœur", "Rue Neuve 12, 4000 Liège", "fr",
     "Aurélie Crèvecœur <aurelie@crevecoeur.example>", "", "crevecoeur.example", 21,
     [("Entretien du four", 18500), ("Pièces de rechange", 4290)]),
    ("CCT123", "Dupont & Fils", "Chaussée de Namur 88, 5030 Gembloux", "fr",
     "Hélène Dupont <helene.dupont@dupont.example>, comptabilite@dupont.example", "", "dupont.example", 21,
     [("Abonnement maintenance", 9900), ("Intervention sur site", 7500), ("Déplacement", 3850)]),
    ("CCT145", "Bakkerij De Smet", "Grote Markt 3, 9300 Aalst", "nl",
     "\"De Smet, Koen\" <koen@desmet.example>", "", "desmet.example", 21,
     [("Onderhoud oven", 18500), ("Reservestukken", 2175)]),
    ("CCT167", "Élagage Noël SARL", "14 allée des Tilleuls, 59000 Lille", "fr",
     "factures@elagage-noel.example", "Noël Lefèvre <noel@elagage-noel.example>", "elagage-noel.example", 0,
     [("Location de nacelle", 24000), ("Transport", 6250)]),
    ("CCT188", "Transport Van den Broeck", "Havenlaan 140, 2030 Antwerpen", "nl",
     "boekhouding@vandenbroeck.example, Ilse Peeters <ilse.peeters@vandenbroeck.example>", "",
     "vandenbroeck.example", 21, [("Trackingabonnement", 1290), ("Installatie", 8900)]),
    ("CCT204", "Hartley & Sons Ltd", "7 Mill Lane, York YO1 9XX", "en",
     "Accounts Payable <accounts@hartley.example>", "", "hartley.example", 0,
     [("Monthly maintenance", 9900), ("Spare parts", 15640)]),
    ("CCT219", "Studio Zoé", "Place du Jeu de Balle 5, 1000 Bruxelles", "fr-BE",
     "Zoé Lambert 🎨 <zoe@studio-zoe.example>", "", "studio-zoe.example", 21,
     [("Abonnement maintenance", 9900)]),
    ("CCT233", "Zuivelhoeve Groen", "Dorpsstraat 61, 3080 Tervuren", "nl",
     "Jozefien Coördinaat <administratie@zuivelhoeve.example>", "", "zuivelhoeve.example", 21,
     [("Onderhoud koelinstallatie", 32500), ("Verplaatsing", 3850)]),
    ("CCT256", "Ó Briain Consulting", "22 Quay Street, Galway", "en",
     "Seán Ó Briain <sean@obriain.example>", "", "obriain.example", 0,
     [("Remote support, hours", 8500)]),
    ("CCT301", "Ateliers Ferré", "Quai de Brabant 9, 6000 Charleroi", "fr",
     "Service fournisseurs <fournisseurs@ferre.example>", "direction@ferre.example, archives@ferre.example",
     "ferre.example", 21,
     [("Abonnement maintenance", 9900), ("Étalonnage d'appareils", 21700), ("Déplacement", 3850)]),
    ("CCT342", "Drukkerij 't Hof", "Kerkstraat 18, 5611 Eindhoven", "nl",
     "info@drukkerij-hof.example", "", "drukkerij-hof.example", 0, [("Onderhoud drukpers", 41200)]),
    ("CCT377", "Müller Bürobedarf GmbH", "Lindenallee 30, 52062 Aachen", "en",
     "Jürgen Müller <rechnung@müller-bürobedarf.example>", "", "müller-bürobedarf.example", 0,
     [("Monthly maintenance", 9900), ("Calibration", 21700)]),
]

NOTES = {
    2: "De tweede levering van de reservestukken volgt in november.",
    15: "L'étalonnage a été effectué le 12 octobre ; le certificat suit par la poste.",
    29: "As agreed, the calibration of September is included.",
}

WORDS = {
    "fr": dict(title="FACTURE", number="Numéro", code="Code client", period="Période", due="Échéance",
               text="Description", quantity="Qté", price="Prix", amount="Montant", net="Total HTVA", vat="TVA 21 %",
               none="TVA 0 % (autoliquidation)", total="Total à payer", pay="Communication"),
    "nl": dict(title="FACTUUR", number="Nummer", code="Klantcode", period="Periode", due="Vervaldatum",
               text="Omschrijving", quantity="Aantal", price="Prijs", amount="Bedrag", net="Totaal excl. btw",
               vat="Btw 21 %", none="Btw 0 % (verlegd)", total="Te betalen", pay="Mededeling"),
    "en": dict(title="INVOICE", number="Number", code="Customer code", period="Period", due="Due date",
               text="Description", quantity="Qty", price="Price", amount="Amount", net="Net total", vat="VAT 21%",
               none="VAT 0% (reverse charge)", total="Amount due", pay="Reference"),
}


def money(cents, language):
    """1.234,50 € in French and Dutch, €1,234.50 in English."""
    text = f"{cents / 100:,.2f}"
    return "€" + text if language == "en" else text.translate(str.maketrans(",.", ".,")) + " €"


def reference(index):
    """A structured communication: ten digits, and the same modulo 97 (97 for 0)."""
    digits = 2026100000 + index * 37
    text = f"{digits:010d}{digits % 97 or 97:02d}"
    return f"+++{text[:3]}/{text[3:7]}/{text[7:]}+++"


class Page:
    """The content stream of one A4 page in Helvetica; (0, 0) is the lower left corner, in points."""

    # Widths in Helvetica of the characters in amounts, in thousandths of the size.
    WIDTHS = {**{digit: 556 for digit in "0123456789€"}, ".": 278, ",": 278, " ": 278}

    def __init__(self):
        self.parts = []

    def text(self, x, y, text, font="F1", size=10):
        body = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        self.parts.append(f"BT /{font} {size} Tf {x:g} {y:g} Td (".encode() + body + b") Tj ET")

    def amount(self, right, y, text, size=10):
        self.text(right - sum(self.WIDTHS[c] for c in text) * size / 1000, y, text, size=size)

    def rule(self, y, x1=60, x2=535):
        self.parts.append(f"{x1} {y} m {x2} {y} l S".encode())

    def pdf(self, title):
        """The file: header, objects, cross-reference table (ISO 32000-1, section 7.5)."""
        stream = b"0.5 w\n" + b"\n".join(self.parts)
        font = "<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>"
        objects = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R"
            b"/Resources<</Font<</F1 4 0 R/F2 5 0 R>>>>>>",
            (font % "Helvetica").encode(),
            (font % "Helvetica-Bold").encode(),
            b"<</Length %d>>\nstream\n" % len(stream) + stream + b"\nendstream",
            b"<</Title(%s)>>" % title.encode("ascii"),
        ]
        out = io.BytesIO()
        out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
        offsets = []
        for number, body in enumerate(objects, 1):
            offsets.append(out.tell())
            out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
        start = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
        for offset in offsets:
            out.write(b"%010d 00000 n \n" % offset)
        out.write(b"trailer\n<</Size %d/Root 1 0 R/Info 7 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
        return out.getvalue()


def draw(number, customer, lines, totals, due, communication):
    code, name, seat, language = customer[:4]
    language = language[:2]
    words = WORDS[language]
    net, vat, total = totals
    page = Page()
    page.text(60, 780, "Atelier Modèle SRL", "F2", 16)
    page.text(60, 762, "Rue de l'Exemple 1, 1000 Bruxelles – facturation@modele.example", size=9)
    page.text(60, 716, words["title"], "F2", 20)
    for row, (label, value) in enumerate([(words["number"], number), (words["code"], code),
                                          (words["period"], PERIOD), (words["due"], due)]):
        page.text(60, 690 - 15 * row, label)
        page.text(150, 690 - 15 * row, value)
    page.text(340, 690, name, "F2", 11)
    page.text(340, 675, seat)
    page.rule(612)
    for x, key in [(60, "text"), (345, "quantity"), (410, "price"), (487, "amount")]:
        page.text(x, 598, words[key], "F2")
    page.rule(590)
    y = 574
    for text, quantity, price in lines:
        page.text(60, y, text)
        page.amount(365, y, str(quantity))
        page.amount(445, y, money(price, language))
        page.amount(535, y, money(quantity * price, language))
        y -= 17
    page.rule(y + 8)
    for label, value in [(words["net"], net), (words["vat"] if vat else words["none"], vat)]:
        y -= 9
        page.text(345, y, label)
        page.amount(535, y, money(value, language))
        y -= 8
    y -= 12
    page.text(345, y, words["total"], "F2", 11)
    page.amount(535, y, money(total, language), 11)
    page.text(60, y - 50, f"IBAN BE68 5390 0754 7034 – {words['pay']} {communication}")
    return page.pdf(number)


def main():
    folder = HERE / "pdf"
    folder.mkdir(exist_ok=True)
    rows = []
    for index in range(1, COUNT + 1):
        customer = CUSTOMERS[(index * 7) % len(CUSTOMERS)]
        code, name, _, language, to, cc, domain, percent, kinds = customer
        number = f"{PERIOD}-{index:03d}"
        lines = [(text, 1 + (index * (row + 3)) % 5, price) for row, (text, price) in enumerate(kinds)]
        net = sum(quantity * price for _, quantity, price in lines)
        vat = round(net * percent / 100)
        due = "30/11/2026" if index % 4 else "15/12/2026"
        communication = reference(index)
        file = f"pdf/FACTURE-{number}.pdf"
        (HERE / file).write_bytes(draw(number, customer, lines, (net, vat, net + vat), due, communication))
        if index in REFUSED:
            to, cc = f"reject@{domain}", ""
        rows.append([number, code, PERIOD, file, to, cc, language, name, money(net + vat, language[:2]), due,
                     communication, NOTES.get(index, "")])
    with open(HERE / "invoices.csv", "w", encoding="utf-8-sig", newline="") as table:
        csv.writer(table, delimiter=";", lineterminator="\r\n").writerows([HEADERS] + rows)


if __name__ == "__main__":
    main()
