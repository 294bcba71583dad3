package plausible

// topic is what a text is about: its title, a sentence that sums it up and tags
// that fit.
type topic struct {
	title, field, tag1, tag2, summary string
}

var topics = []topic{
	{"Spring Gardening Guide", "Gardening", "spring", "gardening", "How to prepare beds, choose seeds and keep young plants healthy in the first warm weeks."},
	{"Harbour Bridge Renewal", "Engineering", "bridge", "infrastructure", "Progress on the repair of the harbour bridge, with the timetable for the coming months."},
	{"Quarterly Sales Report", "Business", "sales", "report", "Revenue by region for the quarter, compared with the same period last year."},
	{"Sourdough for Beginners", "Cooking", "baking", "bread", "A patient introduction to wild yeast, from the first starter to a crisp loaf."},
	{"Customer Onboarding Checklist", "Business", "onboarding", "customers", "Every step from the signed contract to the first successful week with the product."},
	{"Weekend in Lisbon", "Travel", "travel", "lisbon", "Two days of viewpoints, trams and custard tarts, without rushing."},
	{"Home Office Setup", "Productivity", "office", "ergonomics", "Light, chair, desk and sound: what to change first for comfortable work at home."},
	{"Annual Budget Review", "Finance", "budget", "finance", "What was planned, what was spent and what should change next year."},
	{"Cycling to Work", "Sports", "cycling", "commute", "Routes, clothing and maintenance for people who want to ride every day."},
	{"Solar Panel Installation", "Energy", "solar", "energy", "What to expect from the first survey to the day the meter runs backwards."},
	{"Team Retrospective Notes", "Productivity", "team", "retrospective", "What went well, what slowed us down and the three things we will try next."},
	{"Mountain Trail Map", "Outdoors", "hiking", "maps", "Marked trails with distance, climb and the huts that are open in summer."},
	{"Website Accessibility Audit", "Technology", "accessibility", "web", "Findings of the audit with screenshots, severity and proposed fixes."},
	{"Community Library Opening", "Culture", "library", "community", "The new reading room opens its doors with a day of stories and workshops."},
	{"Product Roadmap 2025", "Product", "roadmap", "planning", "Themes and milestones for the year, in the order we mean to tackle them."},
	{"Winter Tyre Guide", "Automotive", "winter", "driving", "When to change tyres, what the markings mean and how to store the summer set."},
	{"Photography Basics", "Photography", "photography", "basics", "Aperture, shutter speed and light explained with pictures anyone can take."},
	{"Data Migration Plan", "Technology", "data", "migration", "How records move to the new system in three phases, with a way back at each."},
	{"Coffee Tasting Evening", "Food", "coffee", "tasting", "Six origins, two roasts and the stories of the people who grow them."},
	{"Employee Handbook", "Human Resources", "handbook", "policy", "Working hours, leave, expenses and whom to ask when something is unclear."},
	{"River Cleanup Day", "Environment", "volunteers", "river", "Meet at the old mill at nine; gloves, bags and lunch are provided."},
	{"Mobile App Launch", "Product", "mobile", "launch", "Release plan for the app, including store texts, press and support hours."},
	{"Beginner Piano Lessons", "Music", "piano", "lessons", "Twelve short lessons that lead from the first scale to a whole piece."},
	{"Warehouse Safety Rules", "Operations", "safety", "warehouse", "The rules that keep everyone safe around forklifts, ramps and high shelves."},
	{"Email Campaign Results", "Marketing", "email", "campaign", "Open rates, clicks and sign-ups for the spring campaign, by audience."},
	{"Kitchen Renovation", "Home", "kitchen", "renovation", "From the first sketch to the last tile, with costs and lessons learned."},
	{"Marathon Training Plan", "Sports", "running", "training", "Sixteen weeks of runs, rest and strength work for a first marathon."},
	{"Customer Survey Summary", "Research", "survey", "customers", "What 400 customers told us about price, support and delivery."},
	{"Urban Beekeeping", "Environment", "bees", "city", "Keeping healthy colonies on city roofs, season by season."},
	{"API Design Guidelines", "Technology", "api", "design", "Conventions for names, errors, paging and versions across our services."},
	{"Holiday Schedule", "Human Resources", "holidays", "schedule", "Opening hours and on-call duties during the holiday weeks."},
	{"Local Food Market", "Food", "market", "local", "Producers, dates and directions for the Saturday market on the square."},
	{"Incident Review", "Operations", "incident", "review", "Timeline, cause and follow-up of the outage, written without blame."},
	{"Language Exchange Evening", "Education", "languages", "meetup", "Practise a language for half the evening and help with yours for the rest."},
	{"Museum Night", "Culture", "museum", "events", "Late opening with guided tours, music in the hall and free entry for children."},
	{"Packaging Redesign", "Design", "packaging", "design", "A lighter box that uses less plastic and survives the courier."},
	{"First Aid Course", "Health", "first-aid", "course", "One day of practice in the skills that matter in the first ten minutes."},
	{"Supplier Contract Renewal", "Legal", "contracts", "suppliers", "Terms, dates and open questions for the renewal of the supply contract."},
	{"Garden Irrigation System", "Gardening", "irrigation", "garden", "Drip lines, timers and rain water: an afternoon project that saves water."},
	{"Night Sky in August", "Science", "astronomy", "stars", "When and where to look for meteors, planets and the summer triangle."},
}

var (
	sentences    = []string{"Please have a look before the end of the week.", "The team agreed on the next steps this morning.", "All figures were checked against the latest report.", "We will follow up once the delivery has arrived.", "The first results look promising.", "Some details are still open and will be settled soon.", "A short summary is attached for reference.", "Feedback from the pilot group has been very positive.", "The schedule leaves room for one more round of review.", "Nothing changes for existing customers.", "Most of the work can be done in a single afternoon.", "The updated version is available to everyone.", "Questions are welcome at any time.", "The old process stays in place until the end of the month.", "Costs stayed within the budget that was agreed in spring.", "Each step is described with an example."}
	messages     = []string{"Thanks for the quick reply, that works for me.", "Your order is on its way and should arrive on Thursday.", "Could you send me the latest version of the document?", "The meeting has moved to 10:30 in the large room.", "I have added the missing figures, please take another look.", "Great work on the release, everyone.", "Your booking is confirmed. We look forward to your visit.", "Can we talk about this tomorrow morning?", "The file is in the shared folder now.", "Just a reminder that the survey closes on Friday.", "I noticed a small typo on page three.", "Looks good to me, feel free to go ahead."}
	notes        = []string{"Leave the parcel at the side entrance.", "Prefers contact by e-mail.", "Call before delivery.", "Invoice goes to the finance department.", "Renewal discussed, waiting for a signature.", "Allergic to nuts.", "Check stock before confirming.", "Returning customer since 2021."}
	reviews      = []string{"Well made and just the right size. It arrived two days early, too.", "Does what it says. The instructions could be clearer.", "We have used it daily for a month without any trouble.", "Good quality for the price, and the colour is exactly as shown.", "Support answered within an hour and solved the problem.", "Not bad, but the battery could last longer."}
	questions    = []string{"How do I change my delivery address?", "Which plan fits a team of ten?", "Can I export my data as CSV?", "When will the new version be available?", "Is there a discount for annual billing?", "How long does shipping usually take?"}
	answers      = []string{"You can change it in the account settings under Addresses.", "Yes, every report has an export button in its menu.", "Delivery usually takes two to three working days.", "The Team plan includes up to fifteen members.", "Annual billing is about fifteen percent cheaper.", "The release is planned for the second half of the month."}
	instructions = []string{"Answer briefly and name the source of each figure.", "Check the customer's order number before you reply.", "Sort the list by date and remove duplicates.", "Store in a cool, dry place after opening.", "Summarise the text in three sentences.", "Ring the bell at the green door."}
	bios         = []string{"Writes about cities, bicycles and good bread.", "Designs tools for people who dislike paperwork.", "Spends weekdays with data and weekends in the mountains.", "Coffee enthusiast, part-time gardener, full-time parent.", "Helps small companies tell their story.", "Has worked in logistics for fifteen years and still likes trains."}
	blurbs       = []string{"Made to be used every day and built to last for years.", "A careful design with no part too many.", "Light, sturdy and easy to clean.", "Our best seller, now in a new range of colours.", "Produced in small batches from responsibly sourced material.", "Comes with a two-year guarantee and free returns."}
)
