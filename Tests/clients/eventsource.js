// Prints each event that Debian's node-eventsource delivers, as JSON lines; ends with the job.
// Arguments: the address, and the bearer token.
const EventSource = require("/usr/share/nodejs/eventsource")
const [, , address, token] = process.argv
const stream = new EventSource(address, { headers: { Authorization: `Bearer ${token}` } })
for (const name of ["start", "progress", "paused", "complete"])
  stream.addEventListener(name, ({ type, lastEventId, data }) => {
    console.log(JSON.stringify({ name: type, id: lastEventId, data }))
    if (name === "complete") stream.close()
  })
