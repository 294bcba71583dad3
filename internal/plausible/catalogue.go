package plausible

var (
	womensNames = []string{"Emma", "Olivia", "Ava", "Sophia", "Isabella", "Mia", "Amelia", "Harper", "Evelyn", "Abigail", "Emily", "Elizabeth", "Sofia", "Camila", "Aria", "Clara", "Nora", "Hannah", "Lucia", "Alice", "Ingrid", "Freya", "Elena", "Maria", "Julia", "Anna", "Laura", "Leila", "Fatima", "Aisha", "Priya", "Ananya", "Mei", "Yuki", "Sakura", "Hana", "Linh", "Amara", "Zara", "Chloe", "Ruth", "Naomi", "Esther", "Grace", "Lily", "Ella", "Victoria", "Irina", "Marta", "Paula", "Teresa", "Beatriz", "Carmen", "Nina", "Greta", "Astrid", "Maja", "Eva", "Salma", "Wanjiru", "Thandi"}
	mensNames   = []string{"Liam", "Noah", "Oliver", "Elijah", "James", "William", "Benjamin", "Lucas", "Henry", "Alexander", "Mason", "Ethan", "Daniel", "Jacob", "Michael", "Samuel", "David", "Joseph", "Carter", "Owen", "Wyatt", "Jack", "Luke", "Gabriel", "Mateo", "Diego", "Carlos", "Rafael", "Miguel", "Pedro", "Paulo", "Marco", "Luca", "Matteo", "Hugo", "Louis", "Jules", "Lars", "Erik", "Anders", "Mikkel", "Jonas", "Felix", "Emil", "Ivan", "Dmitri", "Pavel", "Tomasz", "Omar", "Yusuf", "Ahmed", "Arjun", "Rohan", "Vikram", "Wei", "Jun", "Kenji", "Hiroshi", "Minh", "Kwame", "Tunde"}
	lastNames   = []string{"Smith", "Johnson", "Brown", "Taylor", "Anderson", "Thomas", "Jackson", "White", "Harris", "Martin", "Thompson", "Garcia", "Martinez", "Robinson", "Clark", "Rodriguez", "Lewis", "Lee", "Walker", "Hall", "Allen", "Young", "Hernandez", "King", "Wright", "Lopez", "Hill", "Scott", "Green", "Adams", "Baker", "Gonzalez", "Nelson", "Carter", "Mitchell", "Perez", "Roberts", "Turner", "Phillips", "Campbell", "Parker", "Evans", "Edwards", "Collins", "Stewart", "Sanchez", "Morris", "Rogers", "Reed", "Cook", "Morgan", "Bell", "Murphy", "Bailey", "Rivera", "Cooper", "Richardson", "Cox", "Howard", "Ward", "Peterson", "Gray", "Ramirez", "Watson", "Brooks", "Kelly", "Sanders", "Price", "Bennett", "Wood", "Barnes", "Ross", "Henderson", "Coleman", "Jenkins", "Perry", "Powell", "Long", "Patterson", "Hughes", "Flores", "Washington", "Butler", "Simmons", "Foster", "Bryant", "Alexander", "Russell", "Griffin", "Hayes", "Lindgren", "Johansson", "Nielsen", "Hansen", "Berg", "Schneider", "Fischer", "Weber", "Wagner", "Becker", "Hoffmann", "Moreau", "Laurent", "Dubois", "Rossi", "Ricci", "Conti", "Silva", "Costa", "Ferreira", "Kowalski", "Novak", "Horvat", "Petrov", "Ivanova", "Tanaka", "Sato", "Nakamura", "Kim", "Park", "Nguyen", "Tran", "Patel", "Sharma", "Khan", "Hassan", "Okafor", "Mensah", "Mwangi", "Dlamini"}
)

// companies are invented names; a company's domain is its slug under .example
// (RFC 2606).
var companies = []string{"Northwind Logistics", "Harbour & Vale", "Meadow Foods", "Bluepeak Software", "Lakeside Health", "Ironbridge Engineering", "Sunfield Energy", "Copperleaf Design", "Alder & Finch", "Brightwater Labs", "Granite Insurance", "Juniper Travel", "Silverline Telecom", "Oakhurst Furniture", "Redwood Analytics", "Clearview Optics", "Fernhill Farms", "Summit Outdoor", "Tideway Shipping", "Willow Publishing", "Cobalt Robotics", "Evergreen Retail", "Lantern Media", "Quayside Finance", "Maple Street Bakery", "Nimbus Cloud Services", "Pinecrest Hotels", "Riverstone Construction", "Stonegate Partners", "Vista Learning", "Amber Biotech", "Beacon Security", "Cedar Mills", "Driftwood Studios", "Elmwood Clinics", "Falcon Couriers", "Glenmore Textiles", "Highland Water", "Keystone Legal", "Orchard Payments"}

// product is an article with the range its price is drawn from, in hundredths
// of the currency's unit.
type product struct {
	name, category, brand, prefix string
	low, high                     int
}

var products = []product{
	{"Wireless Headphones", "Electronics", "Soundfold", "WH", 3999, 24999},
	{"Mechanical Keyboard", "Electronics", "Keyforge", "KB", 5999, 17999},
	{"Portable Charger", "Electronics", "Voltara", "PC", 1999, 5999},
	{"Smart Thermostat", "Electronics", "Homewise", "ST", 7999, 19999},
	{"Action Camera", "Electronics", "Trailcam", "AC", 12999, 34999},
	{"Desk Lamp", "Home", "Lumio", "DL", 1999, 7999},
	{"Ceramic Mug", "Home", "Clayworks", "CM", 799, 2499},
	{"Linen Bedding Set", "Home", "Nightloom", "LB", 6999, 18999},
	{"Cast Iron Pan", "Kitchen", "Forge & Pan", "CI", 2499, 8999},
	{"Chef Knife", "Kitchen", "Edgewell", "CK", 2999, 14999},
	{"Espresso Machine", "Kitchen", "Brewline", "EM", 14999, 59999},
	{"Electric Kettle", "Kitchen", "Brewline", "EK", 2499, 8999},
	{"Glass Storage Jars", "Kitchen", "Clayworks", "GJ", 1299, 3999},
	{"Oak Cutting Board", "Kitchen", "Timberly", "OB", 1999, 5999},
	{"Running Shoes", "Sports", "Stride", "RS", 5999, 16999},
	{"Yoga Mat", "Sports", "Balance", "YM", 1499, 6999},
	{"Water Bottle", "Sports", "Hydra", "WB", 999, 3499},
	{"Cycling Helmet", "Sports", "Velo", "CH", 3999, 14999},
	{"Tennis Racket", "Sports", "Baseline", "TR", 4999, 19999},
	{"Climbing Rope", "Sports", "Cragline", "CR", 6999, 18999},
	{"Camping Tent", "Outdoor", "Summit", "CT", 9999, 39999},
	{"Sleeping Bag", "Outdoor", "Summit", "SB", 4999, 19999},
	{"Hiking Backpack", "Outdoor", "Trailmark", "HB", 5999, 21999},
	{"Folding Chair", "Outdoor", "Campwell", "FC", 1999, 6999},
	{"Headlamp", "Outdoor", "Lumio", "HL", 1499, 5999},
	{"Rain Jacket", "Clothing", "Drywell", "RJ", 4999, 19999},
	{"Wool Sweater", "Clothing", "Highland Knit", "WS", 3999, 12999},
	{"Cotton T-Shirt", "Clothing", "Plainwear", "TS", 999, 2999},
	{"Denim Jeans", "Clothing", "Indigo & Co", "DJ", 3999, 11999},
	{"Leather Belt", "Clothing", "Tannery Row", "LT", 1999, 6999},
	{"Canvas Sneakers", "Clothing", "Stride", "CS", 2999, 7999},
	{"Winter Gloves", "Clothing", "Drywell", "WG", 1499, 4999},
	{"Silk Scarf", "Clothing", "Loom & Line", "SS", 1999, 8999},
	{"Notebook Set", "Office", "Paperhouse", "NS", 799, 2499},
	{"Fountain Pen", "Office", "Inkwell", "FP", 1999, 14999},
	{"Standing Desk", "Office", "Upright", "SD", 24999, 69999},
	{"Office Chair", "Office", "Upright", "OC", 14999, 59999},
	{"Monitor Stand", "Office", "Timberly", "MS", 2999, 8999},
	{"Desk Organizer", "Office", "Paperhouse", "DO", 1499, 4499},
	{"Wall Calendar", "Office", "Paperhouse", "WC", 899, 2499},
	{"Face Cream", "Beauty", "Dewlab", "FM", 1299, 4999},
	{"Shampoo Bar", "Beauty", "Greenleaf", "SH", 699, 1599},
	{"Bath Towel", "Home", "Nightloom", "BT", 1299, 3999},
	{"Scented Candle", "Home", "Wick & Wax", "SC", 999, 3999},
	{"Throw Pillow", "Home", "Nightloom", "TP", 1499, 4999},
	{"Wall Clock", "Home", "Tempo", "WK", 1999, 7999},
	{"Area Rug", "Home", "Loom & Line", "AR", 7999, 29999},
	{"Bookshelf", "Furniture", "Timberly", "BS", 8999, 29999},
	{"Coffee Table", "Furniture", "Timberly", "CF", 9999, 34999},
	{"Bedside Table", "Furniture", "Timberly", "BD", 5999, 17999},
	{"Garden Hose", "Garden", "Greenthumb", "GH", 1999, 5999},
	{"Pruning Shears", "Garden", "Greenthumb", "PS", 1299, 3999},
	{"Herb Seed Kit", "Garden", "Greenthumb", "HS", 899, 2499},
	{"Plant Pot", "Garden", "Clayworks", "PP", 799, 3999},
	{"Watering Can", "Garden", "Greenthumb", "WN", 1299, 3499},
	{"Building Blocks", "Toys", "Brightplay", "BB", 1999, 7999},
	{"Wooden Train Set", "Toys", "Brightplay", "WT", 2999, 9999},
	{"Board Game", "Toys", "Tabletop Guild", "BG", 1999, 5999},
	{"Jigsaw Puzzle", "Toys", "Tabletop Guild", "JP", 1299, 3499},
	{"Plush Bear", "Toys", "Cuddleworks", "PB", 1299, 3999},
	{"Dog Bed", "Pets", "Pawsome", "DB", 2999, 8999},
	{"Cat Tree", "Pets", "Pawsome", "CA", 4999, 14999},
	{"Bird Feeder", "Pets", "Greenthumb", "BF", 1499, 4499},
	{"Bicycle Lamp", "Cycling", "Velo", "BL", 1499, 5999},
	{"Bike Lock", "Cycling", "Velo", "BK", 1999, 7999},
	{"Pannier Bag", "Cycling", "Velo", "PG", 3999, 11999},
	{"Cordless Drill", "Tools", "Workbench", "CD", 5999, 19999},
	{"Screwdriver Set", "Tools", "Workbench", "SE", 1499, 4999},
	{"Tape Measure", "Tools", "Workbench", "TM", 699, 1999},
	{"Tool Box", "Tools", "Workbench", "TB", 2499, 8999},
	{"Acoustic Guitar", "Music", "Resonance", "AG", 14999, 69999},
	{"Ukulele", "Music", "Resonance", "UK", 3999, 14999},
	{"Travel Pillow", "Travel", "Voyager", "TV", 1499, 3999},
	{"Suitcase", "Travel", "Voyager", "SU", 6999, 24999},
	{"Passport Wallet", "Travel", "Tannery Row", "PW", 1999, 5999},
	{"Umbrella", "Travel", "Drywell", "UM", 1499, 4999},
	{"Green Tea Sampler", "Food", "Leaf & Bean", "GT", 999, 2999},
	{"Coffee Beans", "Food", "Leaf & Bean", "CB", 1099, 2499},
	{"Olive Oil", "Food", "Grove", "OO", 999, 2999},
	{"Dark Chocolate Box", "Food", "Cocoa House", "DC", 1299, 3999},
}
