package plausible

// country holds what follows from where something is. Codes are of ISO 3166-1,
// ISO 4217, ISO 639-1 and ITU-T E.164; the tax rate is the standard rate of
// consumption tax in percent.
type country struct {
	name, alpha2, alpha3                 string
	currency, currencyName, symbol       string
	dial, language, languageName, locale string
	continent, nationality               string
	taxRate                              int
}

var countries = []country{
	{"United States", "US", "USA", "USD", "US Dollar", "$", "1", "en", "English", "en-US", "North America", "American", 8},
	{"United Kingdom", "GB", "GBR", "GBP", "Pound Sterling", "£", "44", "en", "English", "en-GB", "Europe", "British", 20},
	{"Germany", "DE", "DEU", "EUR", "Euro", "€", "49", "de", "German", "de-DE", "Europe", "German", 19},
	{"France", "FR", "FRA", "EUR", "Euro", "€", "33", "fr", "French", "fr-FR", "Europe", "French", 20},
	{"Spain", "ES", "ESP", "EUR", "Euro", "€", "34", "es", "Spanish", "es-ES", "Europe", "Spanish", 21},
	{"Italy", "IT", "ITA", "EUR", "Euro", "€", "39", "it", "Italian", "it-IT", "Europe", "Italian", 22},
	{"Netherlands", "NL", "NLD", "EUR", "Euro", "€", "31", "nl", "Dutch", "nl-NL", "Europe", "Dutch", 21},
	{"Portugal", "PT", "PRT", "EUR", "Euro", "€", "351", "pt", "Portuguese", "pt-PT", "Europe", "Portuguese", 23},
	{"Austria", "AT", "AUT", "EUR", "Euro", "€", "43", "de", "German", "de-AT", "Europe", "Austrian", 20},
	{"Ireland", "IE", "IRL", "EUR", "Euro", "€", "353", "en", "English", "en-IE", "Europe", "Irish", 23},
	{"Finland", "FI", "FIN", "EUR", "Euro", "€", "358", "fi", "Finnish", "fi-FI", "Europe", "Finnish", 24},
	{"Belgium", "BE", "BEL", "EUR", "Euro", "€", "32", "nl", "Dutch", "nl-BE", "Europe", "Belgian", 21},
	{"Switzerland", "CH", "CHE", "CHF", "Swiss Franc", "CHF", "41", "de", "German", "de-CH", "Europe", "Swiss", 8},
	{"Sweden", "SE", "SWE", "SEK", "Swedish Krona", "kr", "46", "sv", "Swedish", "sv-SE", "Europe", "Swedish", 25},
	{"Norway", "NO", "NOR", "NOK", "Norwegian Krone", "kr", "47", "nb", "Norwegian", "nb-NO", "Europe", "Norwegian", 25},
	{"Denmark", "DK", "DNK", "DKK", "Danish Krone", "kr", "45", "da", "Danish", "da-DK", "Europe", "Danish", 25},
	{"Poland", "PL", "POL", "PLN", "Polish Zloty", "zł", "48", "pl", "Polish", "pl-PL", "Europe", "Polish", 23},
	{"Canada", "CA", "CAN", "CAD", "Canadian Dollar", "$", "1", "en", "English", "en-CA", "North America", "Canadian", 5},
	{"Mexico", "MX", "MEX", "MXN", "Mexican Peso", "$", "52", "es", "Spanish", "es-MX", "North America", "Mexican", 16},
	{"Brazil", "BR", "BRA", "BRL", "Brazilian Real", "R$", "55", "pt", "Portuguese", "pt-BR", "South America", "Brazilian", 17},
	{"Australia", "AU", "AUS", "AUD", "Australian Dollar", "$", "61", "en", "English", "en-AU", "Oceania", "Australian", 10},
	{"New Zealand", "NZ", "NZL", "NZD", "New Zealand Dollar", "$", "64", "en", "English", "en-NZ", "Oceania", "New Zealander", 15},
	{"India", "IN", "IND", "INR", "Indian Rupee", "₹", "91", "en", "English", "en-IN", "Asia", "Indian", 18},
	{"Singapore", "SG", "SGP", "SGD", "Singapore Dollar", "$", "65", "en", "English", "en-SG", "Asia", "Singaporean", 9},
	{"South Africa", "ZA", "ZAF", "ZAR", "South African Rand", "R", "27", "en", "English", "en-ZA", "Africa", "South African", 15},
}

// city is a place with its postal code pattern (see appendPattern), coordinates
// in ten-thousandths of a degree and standard offset from UTC in minutes.
type city struct {
	name, region, regionCode, postal, zone string
	country                                uint8
	lat, lng                               int32
	offset                                 int16
}

var cities = []city{
	{"New York", "New York", "NY", "100##", "America/New_York", 0, 407128, -740060, -300},
	{"Chicago", "Illinois", "IL", "606##", "America/Chicago", 0, 418781, -876298, -360},
	{"Seattle", "Washington", "WA", "981##", "America/Los_Angeles", 0, 476062, -1223321, -480},
	{"Austin", "Texas", "TX", "787##", "America/Chicago", 0, 302672, -977431, -360},
	{"Boston", "Massachusetts", "MA", "021##", "America/New_York", 0, 423601, -710589, -300},
	{"Denver", "Colorado", "CO", "802##", "America/Denver", 0, 397392, -1049903, -420},
	{"San Francisco", "California", "CA", "941##", "America/Los_Angeles", 0, 377749, -1224194, -480},
	{"Portland", "Oregon", "OR", "972##", "America/Los_Angeles", 0, 455152, -1226784, -480},
	{"Atlanta", "Georgia", "GA", "303##", "America/New_York", 0, 337490, -843880, -300},
	{"Minneapolis", "Minnesota", "MN", "554##", "America/Chicago", 0, 449778, -932650, -360},
	{"Phoenix", "Arizona", "AZ", "850##", "America/Phoenix", 0, 334484, -1120740, -420},
	{"Philadelphia", "Pennsylvania", "PA", "191##", "America/New_York", 0, 399526, -751652, -300},
	{"London", "England", "ENG", "SW1A #AA", "Europe/London", 1, 515074, -1278, 0},
	{"Manchester", "England", "ENG", "M1 #AE", "Europe/London", 1, 534808, -22426, 0},
	{"Bristol", "England", "ENG", "BS1 #DB", "Europe/London", 1, 514545, -25879, 0},
	{"Edinburgh", "Scotland", "SCT", "EH1 #BG", "Europe/London", 1, 559533, -31883, 0},
	{"Cardiff", "Wales", "WLS", "CF10 #EQ", "Europe/London", 1, 514816, -31791, 0},
	{"Berlin", "Berlin", "BE", "101##", "Europe/Berlin", 2, 525200, 134050, 60},
	{"Munich", "Bavaria", "BY", "803##", "Europe/Berlin", 2, 481351, 115820, 60},
	{"Hamburg", "Hamburg", "HH", "200##", "Europe/Berlin", 2, 535511, 99937, 60},
	{"Cologne", "North Rhine-Westphalia", "NW", "506##", "Europe/Berlin", 2, 509375, 69603, 60},
	{"Leipzig", "Saxony", "SN", "041##", "Europe/Berlin", 2, 513397, 123731, 60},
	{"Paris", "Ile-de-France", "IDF", "750##", "Europe/Paris", 3, 488566, 23522, 60},
	{"Lyon", "Auvergne-Rhone-Alpes", "ARA", "690##", "Europe/Paris", 3, 457640, 48357, 60},
	{"Nantes", "Pays de la Loire", "PDL", "440##", "Europe/Paris", 3, 472184, -15536, 60},
	{"Bordeaux", "Nouvelle-Aquitaine", "NAQ", "330##", "Europe/Paris", 3, 448378, -5792, 60},
	{"Madrid", "Community of Madrid", "MD", "280##", "Europe/Madrid", 4, 404168, -37038, 60},
	{"Barcelona", "Catalonia", "CT", "080##", "Europe/Madrid", 4, 413874, 21686, 60},
	{"Valencia", "Valencian Community", "VC", "460##", "Europe/Madrid", 4, 394699, -3763, 60},
	{"Rome", "Lazio", "62", "001##", "Europe/Rome", 5, 419028, 124964, 60},
	{"Milan", "Lombardy", "25", "201##", "Europe/Rome", 5, 454642, 91900, 60},
	{"Bologna", "Emilia-Romagna", "45", "401##", "Europe/Rome", 5, 444949, 113426, 60},
	{"Amsterdam", "North Holland", "NH", "101# AB", "Europe/Amsterdam", 6, 523676, 49041, 60},
	{"Rotterdam", "South Holland", "ZH", "301# CD", "Europe/Amsterdam", 6, 519244, 44777, 60},
	{"Utrecht", "Utrecht", "UT", "351# EF", "Europe/Amsterdam", 6, 520907, 51214, 60},
	{"Lisbon", "Lisbon", "11", "11##-0##", "Europe/Lisbon", 7, 387223, -91393, 0},
	{"Porto", "Porto", "13", "40##-0##", "Europe/Lisbon", 7, 411579, -86291, 0},
	{"Vienna", "Vienna", "9", "10#0", "Europe/Vienna", 8, 482082, 163738, 60},
	{"Graz", "Styria", "6", "80#0", "Europe/Vienna", 8, 470707, 154395, 60},
	{"Dublin", "Leinster", "L", "D02 X###", "Europe/Dublin", 9, 533498, -62603, 0},
	{"Helsinki", "Uusimaa", "18", "001##", "Europe/Helsinki", 10, 601699, 249384, 120},
	{"Brussels", "Brussels-Capital", "BRU", "10#0", "Europe/Brussels", 11, 508503, 43517, 60},
	{"Ghent", "Flanders", "VLG", "90#0", "Europe/Brussels", 11, 510543, 37174, 60},
	{"Zurich", "Zurich", "ZH", "80##", "Europe/Zurich", 12, 473769, 85417, 60},
	{"Bern", "Bern", "BE", "30##", "Europe/Zurich", 12, 469480, 74474, 60},
	{"Stockholm", "Stockholm County", "AB", "11# ##", "Europe/Stockholm", 13, 593293, 180686, 60},
	{"Gothenburg", "Vastra Gotaland", "O", "41# ##", "Europe/Stockholm", 13, 577089, 119746, 60},
	{"Oslo", "Oslo", "03", "01##", "Europe/Oslo", 14, 599139, 107522, 60},
	{"Bergen", "Vestland", "46", "50##", "Europe/Oslo", 14, 603913, 53221, 60},
	{"Copenhagen", "Capital Region", "84", "21#0", "Europe/Copenhagen", 15, 556761, 125683, 60},
	{"Aarhus", "Central Denmark", "82", "80#0", "Europe/Copenhagen", 15, 561629, 102039, 60},
	{"Warsaw", "Masovia", "14", "00-###", "Europe/Warsaw", 16, 522297, 210122, 60},
	{"Krakow", "Lesser Poland", "12", "30-###", "Europe/Warsaw", 16, 500647, 199450, 60},
	{"Toronto", "Ontario", "ON", "M5H #A#", "America/Toronto", 17, 436532, -793832, -300},
	{"Vancouver", "British Columbia", "BC", "V6B #B#", "America/Vancouver", 17, 492827, -1231207, -480},
	{"Montreal", "Quebec", "QC", "H2X #C#", "America/Toronto", 17, 455017, -735673, -300},
	{"Mexico City", "Mexico City", "CMX", "06###", "America/Mexico_City", 18, 194326, -991332, -360},
	{"Guadalajara", "Jalisco", "JAL", "441##", "America/Mexico_City", 18, 206597, -1033496, -360},
	{"Sao Paulo", "Sao Paulo", "SP", "010##-0##", "America/Sao_Paulo", 19, -235505, -466333, -180},
	{"Curitiba", "Parana", "PR", "800##-0##", "America/Sao_Paulo", 19, -254284, -492733, -180},
	{"Sydney", "New South Wales", "NSW", "20##", "Australia/Sydney", 20, -338688, 1512093, 600},
	{"Melbourne", "Victoria", "VIC", "30##", "Australia/Melbourne", 20, -378136, 1449631, 600},
	{"Brisbane", "Queensland", "QLD", "40##", "Australia/Brisbane", 20, -274698, 1530251, 600},
	{"Auckland", "Auckland", "AUK", "101#", "Pacific/Auckland", 21, -368485, 1747633, 720},
	{"Wellington", "Wellington", "WGN", "601#", "Pacific/Auckland", 21, -412866, 1747756, 720},
	{"Mumbai", "Maharashtra", "MH", "4000##", "Asia/Kolkata", 22, 190760, 728777, 330},
	{"Bengaluru", "Karnataka", "KA", "5600##", "Asia/Kolkata", 22, 129716, 775946, 330},
	{"Pune", "Maharashtra", "MH", "4110##", "Asia/Kolkata", 22, 185204, 738567, 330},
	{"Singapore", "Singapore", "01", "0189##", "Asia/Singapore", 23, 13521, 1038198, 480},
	{"Cape Town", "Western Cape", "WC", "800#", "Africa/Johannesburg", 24, -339249, 184241, 120},
	{"Johannesburg", "Gauteng", "GP", "200#", "Africa/Johannesburg", 24, -262041, 280473, 120},
}

var streetNames = []string{"Maple Street", "Oak Avenue", "Station Road", "Harbour Lane", "Mill Road", "Church Street", "Park Avenue", "Garden Street", "Bridge Street", "King Street", "Lakeview Drive", "Elm Street", "Orchard Road", "Market Street", "River Road", "Hill Street", "Cedar Avenue", "School Lane", "Willow Way", "Forest Drive", "Castle Street", "Meadow Lane", "Victoria Road", "Linden Street"}
