package template

var countries = []string{"Albania", "Algeria", "Andorra", "Argentina", "Armenia", "Australia", "Austria", "Azerbaijan", "Bahrain", "Bangladesh", "Belgium", "Bolivia", "Botswana", "Brazil", "Bulgaria", "Cambodia", "Cameroon", "Canada", "Chile", "Colombia", "Costa Rica", "Croatia", "Cyprus", "Denmark", "Ecuador", "Egypt", "Estonia", "Ethiopia", "Fiji", "Finland", "France", "Georgia", "Germany", "Ghana", "Greece", "Guatemala", "Honduras", "Hungary", "Iceland", "India", "Indonesia", "Ireland", "Israel", "Italy", "Jamaica", "Japan", "Jordan", "Kazakhstan", "Kenya", "Kuwait", "Laos", "Latvia", "Lebanon", "Lithuania", "Luxembourg", "Madagascar", "Malaysia", "Malta", "Mauritius", "Mexico", "Mongolia", "Morocco", "Namibia", "Nepal", "Netherlands", "New Zealand", "Nigeria", "Norway", "Oman", "Pakistan", "Panama", "Paraguay", "Peru", "Philippines", "Poland", "Portugal", "Qatar", "Romania", "Rwanda", "Senegal", "Serbia", "Singapore", "Slovakia", "Slovenia", "South Africa", "Spain", "Sri Lanka", "Sweden", "Switzerland", "Tanzania", "Thailand", "Tunisia", "Turkey", "Uganda", "Ukraine", "United Kingdom", "United States of America", "Uruguay", "Vietnam", "Zambia"}

// countryCodes are ISO 3166-1's of two letters.
var countryCodes = []string{
	"AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AR", "AT", "AU", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI",
	"BJ", "BN", "BO", "BR", "BS", "BT", "BW", "BY", "BZ", "CA", "CD", "CF", "CG", "CH", "CI", "CL", "CM", "CN", "CO", "CR",
	"CU", "CV", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "ER", "ES", "ET", "FI", "FJ", "FM", "FR",
	"GA", "GB", "GD", "GE", "GH", "GM", "GN", "GQ", "GR", "GT", "GW", "GY", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IN",
	"IQ", "IR", "IS", "IT", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KZ", "LA", "LB", "LC",
	"LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MG", "MH", "MK", "ML", "MM", "MN", "MR", "MT",
	"MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NE", "NG", "NI", "NL", "NO", "NP", "NR", "NZ", "OM", "PA", "PE", "PG", "PH",
	"PK", "PL", "PT", "PW", "PY", "QA", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SI", "SK", "SL", "SM",
	"SN", "SO", "SR", "SS", "ST", "SV", "SY", "SZ", "TD", "TG", "TH", "TJ", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TZ",
	"UA", "UG", "US", "UY", "UZ", "VC", "VE", "VN", "VU", "WS", "YE", "ZA", "ZM", "ZW",
}

// currency is one of ISO 4217's.
type currency struct{ code, name, symbol string }

var currencies = []currency{
	{"AED", "UAE Dirham", "د.إ"},
	{"ARS", "Argentine Peso", "$"},
	{"AUD", "Australian Dollar", "$"},
	{"BAM", "Convertible Mark", "KM"},
	{"BDT", "Bangladeshi Taka", "৳"},
	{"BGN", "Bulgarian Lev", "лв"},
	{"BRL", "Brazilian Real", "R$"},
	{"CAD", "Canadian Dollar", "$"},
	{"CHF", "Swiss Franc", "CHF"},
	{"CLP", "Chilean Peso", "$"},
	{"CNY", "Chinese Yuan", "¥"},
	{"COP", "Colombian Peso", "$"},
	{"CRC", "Costa Rican Colon", "₡"},
	{"CZK", "Czech Koruna", "Kč"},
	{"DKK", "Danish Krone", "kr"},
	{"EGP", "Egyptian Pound", "£"},
	{"EUR", "Euro", "€"},
	{"GBP", "Pound Sterling", "£"},
	{"GEL", "Georgian Lari", "₾"},
	{"GHS", "Ghanaian Cedi", "₵"},
	{"HKD", "Hong Kong Dollar", "$"},
	{"HUF", "Hungarian Forint", "Ft"},
	{"IDR", "Indonesian Rupiah", "Rp"},
	{"ILS", "Israeli New Shekel", "₪"},
	{"INR", "Indian Rupee", "₹"},
	{"ISK", "Icelandic Krona", "kr"},
	{"JPY", "Japanese Yen", "¥"},
	{"KES", "Kenyan Shilling", "KSh"},
	{"KRW", "South Korean Won", "₩"},
	{"KZT", "Kazakhstani Tenge", "₸"},
	{"MXN", "Mexican Peso", "$"},
	{"MYR", "Malaysian Ringgit", "RM"},
	{"NGN", "Nigerian Naira", "₦"},
	{"NOK", "Norwegian Krone", "kr"},
	{"NZD", "New Zealand Dollar", "$"},
	{"PEN", "Peruvian Sol", "S/"},
	{"PHP", "Philippine Peso", "₱"},
	{"PLN", "Polish Zloty", "zł"},
	{"PYG", "Paraguayan Guarani", "₲"},
	{"RON", "Romanian Leu", "lei"},
	{"RSD", "Serbian Dinar", "дин."},
	{"SAR", "Saudi Riyal", "﷼"},
	{"SEK", "Swedish Krona", "kr"},
	{"SGD", "Singapore Dollar", "$"},
	{"THB", "Thai Baht", "฿"},
	{"TRY", "Turkish Lira", "₺"},
	{"UAH", "Ukrainian Hryvnia", "₴"},
	{"USD", "US Dollar", "$"},
	{"VND", "Vietnamese Dong", "₫"},
	{"ZAR", "South African Rand", "R"},
}

// ibans are the forms of account numbers by country, without check digits, from
// the IBAN registry: # is a digit, ? a capital letter (see draws.pattern).
var ibans = []string{
	"AT################",
	"BE############",
	"CH#################",
	"CZ####################",
	"DE##################",
	"DK##############",
	"EE################",
	"ES####################",
	"FI##############",
	"FR#######################",
	"GB????##############",
	"HU########################",
	"IE????##############",
	"IL###################",
	"IT?######################",
	"LT################",
	"NL????##########",
	"NO###########",
	"PL########################",
	"PT#####################",
	"RO????################",
	"SE####################",
	"SI###############",
	"SK####################",
}

var (
	accountKinds = []string{"Auto Loan", "Business", "Checking", "Credit Card", "Deposit", "Home Loan", "Household", "Investment", "Joint", "Money Market", "Personal Loan", "Retirement", "Savings", "Student", "Travel"}

	directories     = []string{"/Applications", "/bin", "/boot", "/dev", "/etc", "/etc/mail", "/home", "/home/user", "/lib", "/media", "/mnt", "/opt", "/opt/bin", "/private", "/root", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/local/bin", "/usr/local/src", "/usr/share", "/usr/src", "/var", "/var/log", "/var/mail", "/var/spool", "/var/tmp"}
	fileTypes       = []string{"application", "audio", "font", "image", "message", "model", "text", "video"}
	fileExts        = []string{"7z", "aac", "avi", "bmp", "css", "csv", "doc", "docx", "epub", "flac", "gif", "gz", "htm", "html", "ico", "ics", "jpeg", "jpg", "js", "json", "log", "m4a", "md", "midi", "mov", "mp3", "mp4", "odp", "ods", "odt", "ogg", "otf", "pdf", "png", "ppt", "pptx", "rtf", "svg", "tar", "tiff", "ttf", "txt", "wav", "webm", "webp", "woff", "woff2", "xls", "xlsx", "xml", "yaml", "zip"}
	commonFileTypes = []string{"application", "audio", "image", "text", "video"}
	commonFileExts  = []string{"gif", "htm", "html", "jpeg", "jpg", "m2a", "m2v", "mp2", "mp3", "mp4", "mpeg", "mpg", "pdf", "png", "shtml", "wav"}
	mimeTypes       = []string{"application/atom+xml", "application/epub+zip", "application/geo+json", "application/gzip", "application/json", "application/ld+json", "application/msword", "application/octet-stream", "application/ogg", "application/pdf", "application/problem+json", "application/rtf", "application/sql", "application/vnd.api+json", "application/vnd.ms-excel", "application/vnd.oasis.opendocument.text", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/wasm", "application/xhtml+xml", "application/xml", "application/yaml", "application/zip", "audio/aac", "audio/flac", "audio/midi", "audio/mpeg", "audio/ogg", "font/otf", "font/ttf", "font/woff2", "image/avif", "image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/tiff", "image/webp", "text/calendar", "text/css", "text/csv", "text/html", "text/markdown", "text/plain", "text/vcard", "video/mp4", "video/mpeg", "video/ogg", "video/webm"}
)
