package template

// The words that dynamic variables are drawn from. All are invented or common
// property.

var (
	colors        = []string{"azure", "black", "blue", "coral", "cyan", "gold", "green", "grey", "indigo", "ivory", "lavender", "lime", "magenta", "maroon", "mint green", "olive", "orange", "orchid", "pink", "plum", "purple", "red", "salmon", "silver", "sky blue", "tan", "teal", "turquoise", "violet", "white", "yellow"}
	abbreviations = []string{"AI", "API", "CSS", "CSV", "DNS", "EXE", "FTP", "GB", "GPU", "HDD", "HTTP", "IP", "JSON", "PCI", "PDF", "PNG", "RAM", "RSS", "SCSI", "SMS", "SMTP", "SQL", "SSD", "SSL", "TCP", "TLS", "UDP", "USB", "XML", "XSS"}
	locales       = []string{"af", "ar", "az", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hr", "hu", "hy", "id", "it", "ja", "ka", "ko", "lt", "lv", "mk", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi", "zh"}

	domainSuffixes = []string{"biz", "com", "info", "name", "net", "org"}
	systems        = []string{"Windows NT 10.0; Win64; x64", "Windows NT 6.1; WOW64", "Macintosh; Intel Mac OS X 10_15_7", "Macintosh; Intel Mac OS X 13_4", "X11; Linux x86_64", "X11; Ubuntu; Linux x86_64", "X11; Linux aarch64"}

	jobDescriptors = []string{"Assistant", "Associate", "Central", "Chief", "Corporate", "Deputy", "District", "Executive", "Field", "Global", "International", "Junior", "Lead", "Local", "National", "Principal", "Regional", "Senior", "Staff", "Trainee"}
	jobAreas       = []string{"Accounts", "Branding", "Communications", "Data", "Facilities", "Infrastructure", "Innovation", "Logistics", "Marketing", "Markets", "Operations", "Planning", "Programs", "Quality", "Research", "Safety", "Security", "Solutions", "Tactics", "Usability"}
	jobTypes       = []string{"Administrator", "Agent", "Analyst", "Architect", "Associate", "Consultant", "Coordinator", "Designer", "Developer", "Director", "Engineer", "Facilitator", "Manager", "Officer", "Planner", "Producer", "Specialist", "Strategist", "Supervisor", "Technician"}

	departments       = []string{"Automotive", "Baby", "Beauty", "Books", "Clothing", "Computers", "Electronics", "Games", "Garden", "Grocery", "Health", "Home", "Industrial", "Jewelry", "Kids", "Movies", "Music", "Outdoors", "Shoes", "Sports", "Tools", "Toys"}
	products          = []string{"Backpack", "Ball", "Bench", "Bike", "Blanket", "Bowl", "Bread", "Chair", "Cheese", "Clock", "Computer", "Desk", "Gloves", "Hat", "Keyboard", "Kettle", "Lamp", "Mouse", "Mug", "Pants", "Pillow", "Radio", "Rug", "Sandals", "Scarf", "Shirt", "Shoes", "Soap", "Table", "Towels", "Umbrella", "Vase"}
	productAdjectives = []string{"Bright", "Compact", "Durable", "Elegant", "Everyday", "Folding", "Generic", "Gorgeous", "Handmade", "Heavy", "Improved", "Light", "Modern", "Nordic", "Practical", "Quiet", "Refined", "Reliable", "Rustic", "Simple", "Sleek", "Small", "Sturdy", "Tasty", "Vintage"}
	productMaterials  = []string{"Aluminium", "Bamboo", "Brass", "Ceramic", "Concrete", "Copper", "Cork", "Cotton", "Fresh", "Frozen", "Glass", "Granite", "Leather", "Linen", "Metal", "Oak", "Plastic", "Rubber", "Soft", "Steel", "Wooden", "Woollen"}

	bsVerbs      = []string{"accelerate", "align", "amplify", "architect", "automate", "broaden", "combine", "consolidate", "deliver", "deploy", "drive", "embrace", "enable", "engage", "evolve", "extend", "facilitate", "grow", "harness", "improve", "integrate", "optimize", "orchestrate", "scale", "simplify", "strategize", "streamline", "transform", "unify", "visualize"}
	bsAdjectives = []string{"agile", "bespoke", "clear", "connected", "cross-platform", "customized", "distributed", "dynamic", "efficient", "end-to-end", "global", "granular", "holistic", "innovative", "integrated", "intuitive", "leading", "modular", "open-source", "proactive", "real-time", "resilient", "rich", "robust", "scalable", "seamless", "strategic", "sustainable", "transparent", "virtual"}
	bsNouns      = []string{"action items", "applications", "architectures", "bandwidth", "channels", "communities", "content", "deliverables", "experiences", "forecasts", "functions", "infrastructures", "insights", "interfaces", "markets", "methods", "metrics", "models", "networks", "niches", "partnerships", "platforms", "processes", "relationships", "schemas", "services", "solutions", "systems", "technologies", "workflows"}

	phraseAdjectives  = []string{"Adaptive", "Advanced", "Assured", "Automated", "Balanced", "Centralized", "Compatible", "Configurable", "Decentralized", "Digitized", "Distributed", "Enhanced", "Ergonomic", "Expanded", "Focused", "Front-line", "Integrated", "Intuitive", "Managed", "Mandatory", "Multi-channel", "Open", "Optimized", "Organized", "Persistent", "Polarised", "Realigned", "Reduced", "Right-sized", "Secured", "Shared", "Streamlined", "Switchable", "Universal", "Versatile"}
	phraseDescriptors = []string{"asynchronous", "background", "bi-directional", "client-driven", "clear-thinking", "composite", "contextual", "demand-driven", "directional", "encompassing", "executive", "fault-tolerant", "flexible", "foreground", "global", "grid-enabled", "heuristic", "high-level", "human-resource", "incremental", "interactive", "local", "logistical", "mobile", "modular", "multi-tasking", "national", "neutral", "next generation", "object-oriented", "optimal", "radical", "regional", "responsive", "scalable", "stable", "systematic", "tangible", "transitional", "value-added"}
	phraseNouns       = []string{"ability", "access", "adapter", "algorithm", "alliance", "analyzer", "application", "approach", "archive", "array", "attitude", "benchmark", "capability", "capacity", "challenge", "collaboration", "concept", "core", "database", "definition", "emulation", "encoding", "encryption", "extranet", "firmware", "flexibility", "focus group", "forecast", "framework", "function", "help-desk", "hierarchy", "hub", "implementation", "initiative", "installation", "interface", "matrix", "methodology", "middleware", "migration", "model", "moderator", "monitoring", "paradigm", "policy", "portal", "product", "projection", "protocol", "solution", "strategy", "success", "support", "synergy", "throughput", "toolset", "workforce"}

	columns     = []string{"amount", "avatar", "category", "code", "comment", "createdAt", "description", "email", "group", "id", "label", "name", "password", "phone", "position", "price", "quantity", "status", "title", "token", "updatedAt", "url"}
	columnTypes = []string{"bigint", "binary", "bit", "blob", "boolean", "char", "date", "datetime", "decimal", "double", "enum", "float", "geometry", "int", "json", "mediumint", "point", "real", "serial", "set", "smallint", "text", "time", "timestamp", "tinyint", "varchar", "year"}
	collations  = []string{"ascii_bin", "ascii_general_ci", "cp1250_bin", "cp1250_general_ci", "latin1_swedish_ci", "utf8_bin", "utf8_general_ci", "utf8_unicode_ci", "utf8mb4_0900_ai_ci", "utf8mb4_unicode_ci"}
	engines     = []string{"ARCHIVE", "BLACKHOLE", "CSV", "InnoDB", "MEMORY", "MyISAM"}

	months   = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	weekdays = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

	nouns      = []string{"alarm", "application", "array", "bandwidth", "bridge", "bus", "cable", "capacitor", "card", "circuit", "cluster", "console", "driver", "feed", "firewall", "gateway", "hard drive", "interface", "ledger", "matrix", "microchip", "monitor", "network", "panel", "pixel", "port", "printer", "program", "protocol", "router", "scanner", "sensor", "server", "socket", "switch", "system", "terminal", "transmitter"}
	verbs      = []string{"back up", "bypass", "calculate", "compress", "connect", "copy", "decode", "encode", "generate", "hack", "index", "input", "load", "navigate", "override", "parse", "program", "quantify", "read", "reboot", "scan", "send", "sort", "store", "synthesize", "trace", "transmit", "verify"}
	ingVerbs   = []string{"backing up", "bypassing", "calculating", "compressing", "connecting", "copying", "decoding", "encoding", "generating", "hacking", "indexing", "loading", "navigating", "overriding", "parsing", "programming", "quantifying", "reading", "rebooting", "scanning", "sending", "sorting", "storing", "synthesizing", "tracing", "transmitting", "verifying"}
	adjectives = []string{"auxiliary", "back-end", "binary", "bluetooth", "cross-platform", "digital", "encrypted", "external", "front-end", "haptic", "hourly", "internal", "local", "mobile", "modular", "multi-byte", "neural", "online", "open-source", "optical", "portable", "primary", "redundant", "remote", "secure", "solid state", "virtual", "wireless"}

	phrases = []string{
		"Try to %v the %b %n, maybe it will %v the %a %n!",
		"We need to %v the %a %b %n before the next release.",
		"If we %v the %n, we can get to the %b %n through the %a %b %n.",
		"You can't %v the %n without %i the %a %b %n!",
		"Use the %a %b %n, then you can %v the %a %n.",
		"The %b %n is down, %v the %a %n so we can %v the %b %n.",
		"Stop %i the %n, we need to %v the %a %b %n!",
		"I'll %v the %a %b %n, that should help the %b %n.",
	}
)

// lorem are the words of Cicero's De finibus that fill pages (45 BC).
var lorem = []string{"accusamus", "accusantium", "adipisci", "alias", "aliquam", "aliquid", "amet", "animi", "aperiam", "architecto", "asperiores", "aspernatur", "assumenda", "at", "atque", "aut", "autem", "beatae", "blanditiis", "commodi", "consectetur", "consequatur", "consequuntur", "corporis", "corrupti", "culpa", "cum", "cumque", "cupiditate", "debitis", "delectus", "deleniti", "deserunt", "dicta", "dignissimos", "distinctio", "dolor", "dolore", "dolorem", "doloremque", "dolores", "doloribus", "dolorum", "ducimus", "ea", "eaque", "earum", "eius", "eligendi", "enim", "eos", "error", "esse", "est", "et", "eum", "eveniet", "ex", "excepturi", "exercitationem", "expedita", "explicabo", "facere", "facilis", "fuga", "fugiat", "fugit", "harum", "hic", "id", "illo", "illum", "impedit", "in", "incidunt", "inventore", "ipsa", "ipsam", "ipsum", "iste", "itaque", "iure", "iusto", "labore", "laboriosam", "laborum", "laudantium", "libero", "magnam", "magni", "maiores", "maxime", "minima", "minus", "modi", "molestiae", "molestias", "mollitia", "nam", "natus", "necessitatibus", "nemo", "neque", "nesciunt", "nihil", "nisi", "nobis", "non", "nostrum", "nulla", "numquam", "obcaecati", "odio", "odit", "officia", "officiis", "omnis", "optio", "pariatur", "perferendis", "perspiciatis", "placeat", "porro", "possimus", "praesentium", "provident", "quae", "quaerat", "quam", "quas", "quasi", "qui", "quia", "quibusdam", "quidem", "quis", "quo", "quod", "quos", "ratione", "recusandae", "reiciendis", "rem", "repellat", "repellendus", "reprehenderit", "repudiandae", "rerum", "saepe", "sapiente", "sed", "sequi", "similique", "sint", "sit", "soluta", "sunt", "suscipit", "tempora", "tempore", "temporibus", "tenetur", "totam", "ullam", "unde", "ut", "vel", "velit", "veniam", "veritatis", "vero", "vitae", "voluptas", "voluptate", "voluptatem", "voluptates", "voluptatum"}
