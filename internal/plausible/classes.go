package plausible

// classOf is the class a word of a parent's name stands for, as the tables write
// it, or "".
func classOf(word []byte) string {
	if c, ok := classes[string(word)]; ok {
		return c
	}
	if n, ending := singular(word); n < len(word) {
		var buf [136]byte
		return classes[string(append(append(buf[:0], word[:n]...), ending...))]
	}
	return ""
}

var classes = map[string]string{
	"user": "@user", "person": "@user", "people": "@user", "customer": "@user", "member": "@user", "author": "@user",
	"owner": "@user", "assignee": "@user", "contact": "@user", "employee": "@user", "patient": "@user",
	"student": "@user", "teacher": "@user", "driver": "@user", "guest": "@user", "recipient": "@user",
	"sender": "@user", "manager": "@user", "creator": "@user", "profile": "@user", "passenger": "@user",
	"subscriber": "@user", "admin": "@user", "individual": "@user", "candidate": "@user", "lead": "@user",
	"attendee": "@user", "participant": "@user", "player": "@user", "assigned": "@user", "visitor": "@user",
	"client": "@user", "buyer": "@user", "payer": "@user", "doctor": "@user", "nurse": "@user", "staff": "@user",
	"reviewer": "@user", "uploader": "@user", "collaborator": "@user", "instructor": "@user", "resident": "@user",
	"tenant": "@user", "follower": "@user", "committer": "@user", "applicant": "@user", "cardholder": "@user",
	"actor": "@user", "approver": "@user", "requester": "@user", "speaker": "@user", "host": "@host",
	"volunteer": "@user", "worker": "@user", "friend": "@user", "signer": "@user", "organizer": "@user",
	"parent": "@user", "agent": "@agent", "spouse": "@user", "beneficiary": "@user", "maintainer": "@user",

	"company": "@company", "organization": "@company", "organisation": "@company", "org": "@company",
	"employer": "@company", "vendor": "@company", "supplier": "@company", "merchant": "@company",
	"business": "@company", "manufacturer": "@company", "seller": "@company", "carrier": "@company",
	"shop": "@company", "store": "@company", "workspace": "@company", "agency": "@company", "institution": "@company",
	"enterprise": "@company", "partner": "@company", "retailer": "@company", "provider": "@company",

	"product": "@product", "sku": "@product", "item": "@item", "article": "@article", "goods": "@product",
	"variant": "@variant", "catalog": "@product", "merchandise": "@product", "orderitem": "@item",
	"lineitem": "@line item", "line": "@line item",

	"order": "@order", "purchase": "@order", "cart": "@cart", "basket": "@cart", "checkout": "@checkout",
	"invoice": "@invoice", "bill": "@bill", "receipt": "@receipt", "quote": "@quote", "booking": "@booking",
	"reservation": "@reservation", "payment": "@payment", "charge": "@charge", "transaction": "@transaction",
	"balance": "@balance", "subtotal": "@subtotal", "tax": "@tax", "shipping": "@shipping", "fee": "@fee",
	"money": "@money", "amount": "@amount", "price": "@price", "total": "@total",
	"coupon": "@coupon", "discount": "@discount", "promotion": "@promotion", "voucher": "@voucher",
	"card": "@card", "bank": "@bank", "account": "@account", "shipment": "@shipment", "delivery": "@delivery",
	"refund": "@refund", "ticket": "@ticket", "subscription": "@subscription", "plan": "@plan", "tier": "@tier",
	"parcel": "@parcel", "package": "@package", "dimension": "@dimensions",

	"address": "@address", "location": "@location", "place": "@place", "venue": "@place", "city": "@city",
	"country": "@country", "state": "@state", "province": "@state", "region": "@region", "area": "@area",
	"currency": "@currency", "language": "@language", "geo": "@geo", "continent": "@continent",

	"name": "@name", "email": "@email", "mail": "@mail", "phone": "@phone", "mobile": "@phone", "sms": "@sms",
	"call": "@call", "message": "@message", "comment": "@comment", "reply": "@reply", "review": "@review",
	"note": "@note", "question": "@question", "answer": "@answer", "feedback": "@feedback", "chat": "@chat",
	"poll": "@poll", "channel": "@channel", "room": "@room", "conversation": "@conversation", "survey": "@survey",

	"category": "@category", "brand": "@brand", "color": "@color", "colour": "@color", "tag": "@tag",
	"label": "@label", "keyword": "@keyword", "genre": "@genre", "topic": "@topic", "theme": "@theme",

	"project": "@project", "board": "@board", "team": "@team", "group": "@group", "task": "@task",
	"issue": "@issue", "event": "@event", "conference": "@conference", "meeting": "@meeting", "session": "@session",
	"webinar": "@webinar", "exhibition": "@exhibition", "exhibit": "@exhibition", "folder": "@folder",
	"list": "@list", "section": "@section", "guild": "@guild", "segment": "@segment", "audience": "@audience",
	"course": "@course", "role": "@role", "permission": "@permission", "incident": "@incident", "alert": "@alert",
	"rule": "@rule", "stage": "@stage", "phase": "@phase", "priority": "@priority", "status": "@status",
	"type": "@type", "level": "@level", "option": "@option", "field": "@field", "column": "@column",
	"table": "@table", "header": "@header", "parameter": "@parameter", "param": "@param", "variable": "@variable",
	"attribute": "@attribute", "property": "@property", "metric": "@metric", "environment": "@environment",

	"file": "@file", "attachment": "@attachment", "document": "@document", "image": "@image", "photo": "@photo",
	"picture": "@image", "logo": "@logo", "video": "@video", "audio": "@audio", "media": "@media",
	"repo": "@repo", "repository": "@repo", "branch": "@branch", "commit": "@commit", "release": "@release",
	"license": "@license", "app": "@app", "application": "@application", "bot": "@bot", "integration": "@integration",
	"tool": "@tool", "function": "@function", "mcp": "@mcp", "model": "@model", "service": "@service",
	"job": "@job", "process": "@process", "workflow": "@workflow", "check": "@check", "container": "@container",
	"network": "@network", "volume": "@volume", "node": "@node", "cluster": "@cluster", "pod": "@pod",
	"instance": "@instance", "server": "@server", "docker": "@docker", "zone": "@zone", "domain": "@domain",
	"dns": "@dns", "platform": "@platform", "device": "@device", "browser": "@browser", "os": "@os",
	"request": "@request", "response": "@response", "route": "@route", "webhook": "@webhook", "hook": "@hook",
	"token": "@token", "secret": "@secret", "verification": "@verification", "audit": "@audit", "log": "@log",
	"reference": "@reference", "target": "@target", "emoji": "@emoji", "reaction": "@reaction", "voice": "@voice",

	"error": "@error", "problem": "@problem", "warning": "@warning", "exception": "@error", "validation": "@validation",
	"link": "@link", "links": "@links", "paging": "@paging", "pagination": "@pagination", "cursor": "@cursors",
	"page": "@page", "pageable": "@pageable", "meta": "@meta", "metadata": "@metadata", "period": "@period",

	"pet": "@pet", "animal": "@animal", "dog": "@pet", "cat": "@pet", "food": "@food", "dish": "@dish",
	"menu": "@menu", "recipe": "@recipe", "ingredient": "@ingredient", "meal": "@meal", "drink": "@drink",
	"beer": "@beer", "coffee": "@coffee", "car": "@car", "vehicle": "@vehicle", "movie": "@movie", "film": "@film",
	"show": "@show", "series": "@series", "episode": "@episode", "book": "@book", "library": "@library",
	"publisher": "@publisher", "song": "@song", "track": "@track", "album": "@album", "artist": "@artist",
	"band": "@band", "airline": "@airline", "airport": "@airport", "flight": "@flight", "station": "@station",
	"train": "@train", "hotel": "@hotel", "restaurant": "@restaurant", "school": "@school",
	"university": "@university", "sport": "@sport", "match": "@match", "weather": "@weather",
	"forecast": "@forecast", "weatherforecast": "@weather", "plant": "@plant", "element": "@element",
	"drug": "@drug", "medication": "@medication", "medicine": "@medicine",
}
