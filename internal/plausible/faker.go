package plausible

import "strings"

// Faker is the meaning of a method of faker.js, as the x-faker extension of a
// schema names it: "name.firstName" as versions up to 6 spell it,
// "person.firstName" as later ones do, bare or in mustaches, in any case,
// arguments ignored. ok is false if the method is not known.
func Faker(name string) (Meaning, bool) {
	name = strings.TrimSpace(name)
	name = strings.TrimSuffix(strings.TrimPrefix(name, "{{"), "}}")
	name, _, _ = strings.Cut(name, "(")
	name = strings.ToLower(strings.TrimSpace(name))
	name = strings.TrimPrefix(name, "faker.")
	m, ok := fakerMethods[name]
	return m, ok
}

// Methods of both spellings: https://fakerjs.dev/api and the readme of faker.js
// 5.5.3.
var fakerMethods = map[string]Meaning{
	"name.firstname": FirstName, "name.lastname": LastName, "name.middlename": MiddleName, "name.findname": FullName,
	"name.fullname": FullName, "name.gender": Gender, "name.sex": Gender, "name.sextype": Gender,
	"name.binarygender": Gender, "name.prefix": Honorific, "name.suffix": NameSuffix, "name.jobtitle": JobTitle,
	"name.title": JobTitle, "name.jobdescriptor": Word, "name.jobarea": Department, "name.jobtype": JobTitle,
	"name.bio": Bio, "name.zodiacsign": Word,

	"person.firstname": FirstName, "person.lastname": LastName, "person.middlename": MiddleName,
	"person.findname": FullName, "person.fullname": FullName, "person.gender": Gender, "person.sex": Gender,
	"person.sextype": Gender, "person.binarygender": Gender, "person.prefix": Honorific, "person.suffix": NameSuffix,
	"person.jobtitle": JobTitle, "person.title": JobTitle, "person.jobdescriptor": Word,
	"person.jobarea": Department, "person.jobtype": JobTitle, "person.bio": Bio, "person.zodiacsign": Word,

	"internet.email": Email, "internet.exampleemail": Email, "internet.safeemail": Email,
	"internet.username": Username, "internet.displayname": DisplayName, "internet.avatar": AvatarURL,
	"internet.url": URL, "internet.domainname": Domain, "internet.domainsuffix": Extension,
	"internet.domainword": Word, "internet.ip": IPv4, "internet.ipv4": IPv4, "internet.ipv6": IPv6,
	"internet.mac": MAC, "internet.port": Port, "internet.protocol": Protocol, "internet.httpmethod": HTTPMethod,
	"internet.httpstatuscode": HTTPStatus, "internet.useragent": UserAgent, "internet.color": HexColor,
	"internet.password": Password, "internet.emoji": EmojiChar, "internet.jwt": JWT, "internet.jwtalgorithm": Word,

	"image.avatar": AvatarURL, "image.avatargithub": AvatarURL, "image.avatarlegacy": AvatarURL,
	"image.personportrait": AvatarURL, "image.image": ImageURL, "image.imageurl": ImageURL, "image.url": ImageURL,
	"image.urlloremflickr": ImageURL, "image.urlpicsumphotos": ImageURL, "image.urlplaceholder": ImageURL,
	"image.abstract": ImageURL, "image.animals": ImageURL, "image.business": ImageURL, "image.cats": ImageURL,
	"image.city": ImageURL, "image.food": ImageURL, "image.nature": ImageURL, "image.people": ImageURL,
	"image.sports": ImageURL, "image.technics": ImageURL, "image.transport": ImageURL, "image.nightlife": ImageURL,
	"image.fashion": ImageURL, "image.datauri": DataURI,

	"address.city": City, "address.cityname": City, "address.cityprefix": City, "address.country": Country,
	"address.countrycode": CountryCode, "address.county": District, "address.state": Region,
	"address.stateabbr": RegionCode, "address.street": StreetName, "address.streetname": StreetName,
	"address.streetaddress": Street, "address.buildingnumber": BuildingNumber,
	"address.secondaryaddress": SecondaryAddress, "address.zipcode": PostalCode,
	"address.zipcodebystate": PostalCode, "address.latitude": Latitude, "address.longitude": Longitude,
	"address.nearbygpscoordinate": Coordinates, "address.timezone": TimeZone, "address.direction": Direction,
	"address.cardinaldirection": Direction, "address.ordinaldirection": Direction, "address.continent": Continent,
	"address.language": LanguageName,

	"location.city": City, "location.cityname": City, "location.cityprefix": City, "location.country": Country,
	"location.countrycode": CountryCode, "location.county": District, "location.state": Region,
	"location.stateabbr": RegionCode, "location.street": StreetName, "location.streetname": StreetName,
	"location.streetaddress": Street, "location.buildingnumber": BuildingNumber,
	"location.secondaryaddress": SecondaryAddress, "location.zipcode": PostalCode,
	"location.zipcodebystate": PostalCode, "location.latitude": Latitude, "location.longitude": Longitude,
	"location.nearbygpscoordinate": Coordinates, "location.timezone": TimeZone, "location.direction": Direction,
	"location.cardinaldirection": Direction, "location.ordinaldirection": Direction, "location.continent": Continent,
	"location.language": LanguageName,

	"phone.phonenumber": Phone, "phone.number": Phone, "phone.phonenumberformat": Phone, "phone.phoneformats": Phone,
	"phone.imei": IMEI,

	"company.name": CompanyName, "company.companyname": CompanyName, "company.companysuffix": CompanyType,
	"company.catchphrase": CatchPhrase, "company.bs": Buzz, "company.buzzphrase": Buzz,
	"company.catchphrasenoun": Word, "company.catchphraseadjective": Word, "company.buzznoun": Word,
	"company.buzzverb": Word, "company.buzzadjective": Word,

	"commerce.product": ProductName, "commerce.productname": ProductName,
	"commerce.productdescription": ProductDescription, "commerce.productmaterial": Material,
	"commerce.productadjective": Word, "commerce.price": Price, "commerce.department": Category,
	"commerce.color": ColorName, "commerce.isbn": ISBN, "commerce.upc": Barcode,

	"finance.amount": Amount, "finance.account": AccountNumber, "finance.accountnumber": AccountNumber,
	"finance.accountname": AccountName, "finance.mask": CardLast4, "finance.maskednumber": CardLast4,
	"finance.currencycode": Currency, "finance.currencyname": CurrencyName, "finance.currencysymbol": CurrencySymbol,
	"finance.currency": Currency, "finance.iban": IBAN, "finance.bic": BIC, "finance.creditcardnumber": CardNumber,
	"finance.creditcardcvv": CardCVC, "finance.creditcardissuer": CardBrand, "finance.routingnumber": RoutingNumber,
	"finance.bitcoinaddress": BitcoinAddress, "finance.ethereumaddress": EthereumAddress,
	"finance.litecoinaddress": BitcoinAddress, "finance.pin": OneTimeCode,
	"finance.transactiontype": TransactionType, "finance.transactiondescription": Description,

	"date.past": Created, "date.recent": Updated, "date.soon": Due, "date.future": Expires, "date.between": Moment,
	"date.anytime": Moment, "date.betweens": Moment, "date.birthdate": BirthDate, "date.month": MonthName,
	"date.weekday": Weekday, "date.timezone": TimeZone,

	"lorem.word": Word, "lorem.words": Words, "lorem.sentence": Sentence, "lorem.sentences": Sentence,
	"lorem.paragraph": Body, "lorem.paragraphs": Body, "lorem.text": Body, "lorem.lines": Body, "lorem.slug": Slug,

	"word.adjective": Word, "word.adverb": Word, "word.conjunction": Word, "word.interjection": Word,
	"word.noun": Word, "word.preposition": Word, "word.verb": Word, "word.sample": Word, "word.words": Words,

	"datatype.number": SmallNumber, "datatype.float": Measure, "datatype.boolean": Maybe,
	"datatype.datetime": Moment, "datatype.uuid": UUID, "datatype.string": Word, "datatype.hexadecimal": HexColor,
	"datatype.json": JSONText, "datatype.word": Word, "datatype.words": Words, "datatype.alphanumeric": Code,
	"datatype.alpha": Word, "datatype.numeric": NumericID, "datatype.image": ImageURL, "datatype.locale": Locale,
	"datatype.bigint": NumericID,

	"random.number": SmallNumber, "random.float": Measure, "random.boolean": Maybe, "random.datetime": Moment,
	"random.uuid": UUID, "random.string": Word, "random.hexadecimal": HexColor, "random.json": JSONText,
	"random.word": Word, "random.words": Words, "random.alphanumeric": Code, "random.alpha": Word,
	"random.numeric": NumericID, "random.image": ImageURL, "random.locale": Locale, "random.bigint": NumericID,

	"string.uuid": UUID, "string.ulid": ULID, "string.nanoid": Cursor, "string.alphanumeric": Code,
	"string.alpha": Word, "string.numeric": NumericID, "string.hexadecimal": HexColor, "string.sample": Word,
	"string.symbol": Word, "string.octal": NumericID, "string.binary": NumericID,

	"number.int": SmallNumber, "number.float": Measure, "number.bigint": NumericID, "number.hex": HexColor,

	"system.filename": FileName, "system.commonfilename": FileName, "system.mimetype": MIMEType,
	"system.commonfiletype": Format, "system.commonfileext": Extension, "system.filetype": Format,
	"system.fileext": Extension, "system.directorypath": Directory, "system.filepath": FilePath,
	"system.semver": Version, "system.networkinterface": NetworkName, "system.cron": Cron,

	"git.branch": Branch, "git.commitentry": CommitMessage, "git.commitmessage": CommitMessage,
	"git.commitsha": CommitSHA, "git.commitdate": Created, "git.shortsha": Code,

	"hacker.abbreviation": Word, "hacker.adjective": Word, "hacker.noun": Word, "hacker.verb": Word,
	"hacker.ingverb": Word, "hacker.phrase": Buzz,

	"color.human": ColorName, "color.rgb": RGBColor, "color.hex": HexColor, "color.hsl": RGBColor,
	"color.space": Word, "color.csssupportedfunction": Word,

	"colour.human": ColorName, "colour.rgb": RGBColor, "colour.hex": HexColor, "colour.hsl": RGBColor,
	"colour.space": Word, "colour.csssupportedfunction": Word,

	"vehicle.vehicle": CarModel, "vehicle.manufacturer": CarMaker, "vehicle.model": CarModel, "vehicle.type": Kind,
	"vehicle.fuel": FuelType, "vehicle.vin": VIN, "vehicle.vrm": LicensePlate, "vehicle.color": ColorName,
	"vehicle.bicycle": CarModel,

	"database.column": FieldName, "database.type": Kind, "database.collation": Charset, "database.engine": Driver,
	"database.mongodbobjectid": ObjectID,

	"music.genre": Genre, "music.songname": Song, "music.album": Album, "music.artist": Artist,

	"animal.type": Animal, "animal.dog": AnimalBreed, "animal.cat": AnimalBreed, "animal.horse": AnimalBreed,
	"animal.petname": PetName, "animal.bear": Animal, "animal.bird": Animal, "animal.cow": Animal,
	"animal.fish": Animal, "animal.lion": Animal, "animal.rabbit": Animal, "animal.snake": Animal,
	"animal.insect": Animal,

	"book.title": Book, "book.author": FullName, "book.genre": Genre, "book.publisher": Publisher,
	"book.series": Book, "book.format": Format,

	"food.dish": Food, "food.fruit": Food, "food.ingredient": Food, "food.description": ProductDescription,
	"food.meat": Food, "food.spice": Food, "food.vegetable": Food, "food.adjective": Word,
	"food.ethniccategory": Category,

	"airline.airline": Airline, "airline.airport": AirportCode, "airline.flightnumber": FlightNumber,
	"airline.seat": Seat, "airline.recordlocator": OrderNumber, "airline.aircrafttype": Word,

	"science.chemicalelement": Element, "science.unit": Unit,
}
