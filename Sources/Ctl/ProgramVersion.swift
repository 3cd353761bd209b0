/// Of `invoicectl --version`.
let programVersion = "0.1.0"
