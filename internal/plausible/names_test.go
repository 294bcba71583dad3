package plausible

import (
	"regexp"
	"strconv"
	"testing"
)

// TestNames_Values_ArePlausible is the package's promise: what a property of
// each name looks like. A group holds properties that look alike.
func TestNames_Values_ArePlausible(t *testing.T) {
	t.Parallel()
	for _, group := range promises {
		looks := regexp.MustCompile(group.looks)
		for _, p := range group.properties {
			m := Of(p)
			for seed := range uint64(20) {
				s := NewSubject(seed)
				if got := write(&s, m, p); !looks.MatchString(got) {
					t.Errorf("%s: %+v means %v, gives %q, want %s", group.what, p, m, got, group.looks)
					break
				}
			}
		}
	}
}

// TestNames_Flags_LeanTheUsualWay counts over 1,000 seeds how often a boolean is
// true.
func TestNames_Flags_LeanTheUsualWay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		least, most int
		names       []string
	}{
		{800, 1000, []string{"isActive", "active", "enabled", "is_verified", "available", "email_verified", "success", "canEdit", "hasAccess", "inStock", "isPublished", "not_deleted"}},
		{0, 200, []string{"deleted", "isDeleted", "archived", "is_archived", "disabled", "hidden", "locked", "error", "has_more", "hasNext", "is_bot", "suspended", "not_active"}},
		{350, 650, []string{"isPremium", "newsletter", "gift_wrap", "flag", "shared"}},
	} {
		for _, name := range tt.names {
			m, yes := Of(Property{Name: name, Type: Boolean}), 0
			for seed := range uint64(1000) {
				s := NewSubject(seed)
				if s.Bool(m, Salt(name)) {
					yes++
				}
			}
			if yes < tt.least || yes > tt.most {
				t.Errorf("%s (%v) is true %d times of 1000, want %d to %d", name, m, yes, tt.least, tt.most)
			}
		}
	}
}

// write gives a property's value as its document would have it.
func write(s *Subject, m Meaning, p Property) string {
	if p.Type == String {
		return s.Text(m, Salt(p.Name))
	}
	v, decimals, _ := s.Number(m, Salt(p.Name))
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

var promises = []struct {
	what       string
	looks      string
	properties []Property
}{
	{
		"first name", `^[A-Z][a-z]+$`,
		[]Property{
			{Name: "first_name"}, {Name: "firstName"}, {Name: "FirstName"}, {Name: "given_name"}, {Name: "givenName"},
			{Name: "firstname"}, {Name: "first", Parent: "user"}, {Name: "forename"},
		},
	},
	{
		"last name", `^[A-Z][a-z]+$`,
		[]Property{
			{Name: "last_name"}, {Name: "lastName"}, {Name: "surname"}, {Name: "family_name"}, {Name: "familyName"},
			{Name: "lastname"},
		},
	},
	{
		"full name", `^[A-Z][a-z]+ [A-Z][a-z]+$`,
		[]Property{
			{Name: "full_name"}, {Name: "fullName"}, {Name: "name", Parent: "user"}, {Name: "name", Parent: "Customer"},
			{Name: "name", Parent: "author"}, {Name: "name", Parent: "owner"}, {Name: "name", Parent: "assignee"},
			{Name: "name", Parent: "member"}, {Name: "name", Parent: "employee"}, {Name: "contact_name"},
			{Name: "cardholder_name"}, {Name: "created_by"}, {Name: "recipient_name"}, {Name: "name", Parent: "Users"},
			{Name: "display_name"}, {Name: "displayName"}, {Name: "customer_name"}, {Name: "author"},
		},
	},
	{
		"username", `^[a-z]+(_[a-z]+)?[0-9]{2}$`,
		[]Property{
			{Name: "username"}, {Name: "userName"}, {Name: "user_name"}, {Name: "login"}, {Name: "handle"},
			{Name: "twitter_handle"},
		},
	},
	{
		"email", `^[a-z.]+@example\.(com|org|net)$`,
		[]Property{
			{Name: "email"}, {Name: "emailAddress"}, {Name: "email_address"}, {Name: "userEmail"},
			{Name: "contact_email"}, {Name: "email", Parent: "user"}, {Name: "e_mail"}, {Name: "eMail"},
			{Name: "primaryEmail"}, {Name: "emails"}, {Name: "reply_to"}, {Name: "mail", Parent: "customer"},
			{Name: "recipient", Format: "email"},
		},
	},
	{
		"initials", `^[A-Z]{2}$`,
		[]Property{
			{Name: "initials"},
		},
	},
	{
		"gender", `^(fe)?male$`,
		[]Property{
			{Name: "gender"}, {Name: "sex"},
		},
	},
	{
		"phone", `^\+(1[2-9][0-9]{2}55501[0-9]{2}|442079460[0-9]{3})$`,
		[]Property{
			{Name: "phone"}, {Name: "phoneNumber"}, {Name: "phone_number"}, {Name: "mobile"}, {Name: "tel"},
			{Name: "telephone"}, {Name: "fax"}, {Name: "home_phone"}, {Name: "phoneNumbers"}, {Name: "contactPhone"},
			{Name: "msisdn"},
		},
	},
	{
		"job title", `^[A-Z][A-Za-z]+( [A-Za-z]+)+$`,
		[]Property{
			{Name: "job_title"}, {Name: "jobTitle"}, {Name: "occupation"}, {Name: "position_title"},
			{Name: "position", Parent: "employee"},
		},
	},
	{
		"department", `^[A-Z][a-z]+( [A-Z][a-z]+)?$`,
		[]Property{
			{Name: "department"}, {Name: "dept"}, {Name: "department", Parent: "employee"},
		},
	},
	{
		"avatar", `^https://images\.example\.com/avatars/[a-z0-9_]+\.png$`,
		[]Property{
			{Name: "avatar"}, {Name: "avatar_url"}, {Name: "avatarUrl"}, {Name: "photo", Parent: "user"},
			{Name: "profile_image_url"}, {Name: "picture", Parent: "user"}, {Name: "gravatar_url"},
		},
	},
	{
		"birth date", `^(19[4-9][0-9]|200[0-7])-[01][0-9]-[0-3][0-9]$`,
		[]Property{
			{Name: "birth_date"}, {Name: "birthDate"}, {Name: "dateOfBirth"}, {Name: "date_of_birth"}, {Name: "dob"},
			{Name: "birthday"},
		},
	},
	{
		"bio", `^[A-Z].{20,}\.$`,
		[]Property{
			{Name: "bio"}, {Name: "biography"}, {Name: "about_me"}, {Name: "description", Parent: "user"},
		},
	},
	{
		"company", `^[A-Z][A-Za-z& ]{4,}$`,
		[]Property{
			{Name: "company"}, {Name: "company_name"}, {Name: "companyName"}, {Name: "organization"},
			{Name: "employer"}, {Name: "name", Parent: "vendor"}, {Name: "name", Parent: "Company"},
			{Name: "supplier_name"}, {Name: "merchant_name"}, {Name: "manufacturer"},
		},
	},
	{
		"legal name", ` (Ltd\.|Inc\.|LLC|GmbH|Group)$`,
		[]Property{
			{Name: "legal_name"}, {Name: "legalName"},
		},
	},
	{
		"domain", `^[a-z-]+\.example$`,
		[]Property{
			{Name: "domain"}, {Name: "domain_name"}, {Name: "domain", Parent: "company"}, {Name: "email_domain"},
		},
	},
	{
		"website", `^https://www\.[a-z-]+\.example$`,
		[]Property{
			{Name: "website"}, {Name: "web_site"}, {Name: "homepage"}, {Name: "url", Parent: "company"},
		},
	},
	{
		"industry", `^[A-Z]`,
		[]Property{
			{Name: "industry"}, {Name: "sector"},
		},
	},
	{
		"street", `^[0-9]{1,3} [A-Z][a-z]+ [A-Z][a-z]+$`,
		[]Property{
			{Name: "street"}, {Name: "street_address"}, {Name: "streetAddress"}, {Name: "address_line_1"},
			{Name: "addressLine1"}, {Name: "address1"}, {Name: "line1"}, {Name: "street", Parent: "address"},
		},
	},
	{
		"city", `^[A-Z][a-z]+( [A-Z][a-z]+)?$`,
		[]Property{
			{Name: "city"}, {Name: "town"}, {Name: "locality"}, {Name: "billing_city"}, {Name: "shippingCity"},
			{Name: "name", Parent: "city"}, {Name: "city", Parent: "address"}, {Name: "hometown"},
		},
	},
	{
		"region", `^[A-Z][A-Za-z -]+$`,
		[]Property{
			{Name: "province"}, {Name: "state_name"}, {Name: "state", Parent: "address"}, {Name: "region"},
			{Name: "state", Parent: "shipping_address"},
			{Name: "state", Description: "Province or state of the address"},
		},
	},
	{
		"postal code", `^[0-9A-Z][0-9A-Z -]{2,9}$`,
		[]Property{
			{Name: "postal_code"}, {Name: "postalCode"}, {Name: "zip"}, {Name: "zip_code"}, {Name: "zipCode"},
			{Name: "postcode"}, {Name: "billing_zip"},
		},
	},
	{
		"country", `^[A-Z][a-z]{2,}( [A-Z][a-z]+)?$`,
		[]Property{
			{Name: "country"}, {Name: "country_name"}, {Name: "countryName"}, {Name: "name", Parent: "country"},
		},
	},
	{
		"country code", `^[A-Z]{2}$`,
		[]Property{
			{Name: "country_code"}, {Name: "countryCode"}, {Name: "country", Description: "ISO 3166-1 alpha-2 code"},
			{Name: "iso2"}, {Name: "country", Format: "country-code"},
		},
	},
	{
		"country code 3", `^[A-Z]{3}$`,
		[]Property{
			{Name: "iso3"}, {Name: "country", Description: "Three-letter ISO country code"}, {Name: "alpha3"},
			{Name: "country_code", Description: "alpha-3 code"},
		},
	},
	{
		"time zone", `^[A-Z][a-z]+/[A-Z][A-Za-z_]+$`,
		[]Property{
			{Name: "timezone"}, {Name: "time_zone"}, {Name: "timeZone"}, {Name: "tz"},
		},
	},
	{
		"currency", `^[A-Z]{3}$`,
		[]Property{
			{Name: "currency"}, {Name: "currency_code"}, {Name: "currencyCode"}, {Name: "default_currency"},
			{Name: "price_currency"},
		},
	},
	{
		"currency symbol", `^(\$|£|€|CHF|kr|zł|R\$|₹|R)$`,
		[]Property{
			{Name: "currency_symbol"},
		},
	},
	{
		"language", `^[a-z]{2}$`,
		[]Property{
			{Name: "language"}, {Name: "lang"}, {Name: "language_code"}, {Name: "preferred_language"},
		},
	},
	{
		"locale", `^[a-z]{2}-[A-Z]{2}$`,
		[]Property{
			{Name: "locale"}, {Name: "user_locale"},
		},
	},
	{
		"address", `^[0-9]+ [A-Z].+, .+, [A-Z].+$`,
		[]Property{
			{Name: "address"}, {Name: "full_address"}, {Name: "formattedAddress"}, {Name: "mailing_address"},
		},
	},
	{
		"latitude", `^-?[0-9]{1,2}\.[0-9]{4}$`,
		[]Property{
			{Name: "latitude", Type: Number}, {Name: "lat", Type: Number}, {Name: "lat", Parent: "geo", Type: Number},
			{Name: "latitude", Parent: "location", Type: Number},
		},
	},
	{
		"longitude", `^-?[0-9]{1,3}\.[0-9]{4}$`,
		[]Property{
			{Name: "longitude", Type: Number}, {Name: "lng", Type: Number}, {Name: "lon", Type: Number},
		},
	},
	{
		"continent", `^(North America|South America|Europe|Asia|Africa|Oceania)$`,
		[]Property{
			{Name: "continent"},
		},
	},
	{
		"product", `^[A-Z][A-Za-z-]+( [A-Z][A-Za-z-]+)*$`,
		[]Property{
			{Name: "product_name"}, {Name: "productName"}, {Name: "name", Parent: "product"},
			{Name: "title", Parent: "product"}, {Name: "name", Parent: "item"},
		},
	},
	{
		"category", `^[A-Z][a-z]+$`,
		[]Property{
			{Name: "category"}, {Name: "category_name"}, {Name: "category", Parent: "product"}, {Name: "product_type"},
		},
	},
	{
		"brand", `^[A-Z][A-Za-z& ]+$`,
		[]Property{
			{Name: "brand"}, {Name: "brand_name"},
		},
	},
	{
		"sku", `^[A-Z]{2}-[0-9]{4}-[0-9]{2}$`,
		[]Property{
			{Name: "sku"}, {Name: "product_sku"}, {Name: "product_code"}, {Name: "item_code"},
		},
	},
	{
		"hex color", `^#[0-9a-f]{6}$`,
		[]Property{
			{Name: "hex_color"}, {Name: "hexColor"}, {Name: "background_color"},
			{Name: "color", Description: "hex color code"}, {Name: "primaryColor"}, {Name: "color", Parent: "label"},
		},
	},
	{
		"color name", `^[a-z]{3,}$`,
		[]Property{
			{Name: "color"}, {Name: "eye_color"}, {Name: "colour"},
		},
	},
	{
		"size label", `^(S|M|L|XL|XS|XXL)$`,
		[]Property{
			{Name: "clothing_size"}, {Name: "shirt_size"},
		},
	},
	{
		"barcode", `^[0-9]{13}$`,
		[]Property{
			{Name: "barcode"}, {Name: "ean"}, {Name: "ean13"}, {Name: "gtin"},
		},
	},
	{
		"isbn", `^978[0-9]{10}$`,
		[]Property{
			{Name: "isbn"}, {Name: "isbn13"}, {Name: "book_isbn"},
		},
	},
	{
		"amount 2", `^[0-9]+\.[0-9]{2}$`,
		[]Property{
			{Name: "price", Type: Number}, {Name: "unit_price", Type: Number}, {Name: "unitPrice", Type: Number},
			{Name: "amount", Type: Number}, {Name: "total_price", Type: Number}, {Name: "subtotal", Type: Number},
			{Name: "sub_total", Type: Number}, {Name: "tax_amount", Type: Number},
			{Name: "shipping_cost", Type: Number}, {Name: "discount_amount", Type: Number},
			{Name: "grandTotal", Type: Number}, {Name: "total", Parent: "order", Type: Number},
			{Name: "balance", Type: Number}, {Name: "salary", Type: Number}, {Name: "cost", Type: Number},
			{Name: "fee", Type: Number}, {Name: "list_price", Type: Number},
			{Name: "amount_due", Parent: "invoice", Type: Number}, {Name: "amountPaid", Type: Number},
			{Name: "net_amount", Type: Number}, {Name: "salePrice", Type: Number},
		},
	},
	{
		"amount text", `^[0-9]+\.[0-9]{2}$`,
		[]Property{
			{Name: "price"}, {Name: "unit_price"}, {Name: "total_amount"}, {Name: "total", Parent: "order"},
			{Name: "balance"}, {Name: "subtotal"},
		},
	},
	{
		"cents", `^(0|[1-9][0-9]+)$`,
		[]Property{
			{Name: "amount", Type: Integer}, {Name: "price", Type: Integer}, {Name: "unit_amount", Type: Integer},
			{Name: "amount_cents", Type: Integer}, {Name: "total", Parent: "order", Type: Integer},
			{Name: "total_price", Type: Integer}, {Name: "amount_due", Parent: "invoice", Type: Integer},
			{Name: "application_fee", Type: Integer},
		},
	},
	{
		"quantity", `^[1-5]$`,
		[]Property{
			{Name: "quantity", Type: Integer}, {Name: "qty", Type: Integer}, {Name: "item_quantity", Type: Integer},
			{Name: "quantity"},
		},
	},
	{
		"tax rate", `^[0-9]{1,2}$`,
		[]Property{
			{Name: "tax_rate", Type: Number}, {Name: "vat_rate", Type: Number},
		},
	},
	{
		"exchange rate", `^[01]\.[0-9]{4}$`,
		[]Property{
			{Name: "exchange_rate", Type: Number},
		},
	},
	{
		"iban", `^DE[0-9]{20}$`,
		[]Property{
			{Name: "iban"}, {Name: "bank_account_iban"},
		},
	},
	{
		"bic", `^[A-Z]{6}[A-Z0-9]{5}$`,
		[]Property{
			{Name: "bic"}, {Name: "swift_code"}, {Name: "swift"},
		},
	},
	{
		"card number", `^[0-9]{15,16}$`,
		[]Property{
			{Name: "card_number"}, {Name: "credit_card_number"},
		},
	},
	{
		"card brand", `^(Visa|Mastercard|American Express|Discover)$`,
		[]Property{
			{Name: "card_brand"}, {Name: "card_type"}, {Name: "brand", Parent: "card"},
		},
	},
	{
		"last 4", `^[0-9]{4}$`,
		[]Property{
			{Name: "last4"}, {Name: "card_last4"},
		},
	},
	{
		"card month", `^([1-9]|1[0-2])$`,
		[]Property{
			{Name: "exp_month", Type: Integer}, {Name: "expiry_month", Type: Integer},
		},
	},
	{
		"card year", `^20(2[7-9]|3[01])$`,
		[]Property{
			{Name: "exp_year", Type: Integer}, {Name: "expiration_year", Type: Integer},
		},
	},
	{
		"payment method", `^[a-z_]+$`,
		[]Property{
			{Name: "payment_method"}, {Name: "paymentMethod"},
		},
	},
	{
		"order number", `^ORD-[0-9]{5}$`,
		[]Property{
			{Name: "order_number"}, {Name: "orderNumber"}, {Name: "booking_reference"},
		},
	},
	{
		"invoice number", `^INV-2025-[0-9]{4}$`,
		[]Property{
			{Name: "invoice_number"}, {Name: "invoiceNumber"},
		},
	},
	{
		"coupon", `^[A-Z]+[0-9]*$`,
		[]Property{
			{Name: "coupon"}, {Name: "promo_code"}, {Name: "couponCode"}, {Name: "voucher"},
		},
	},
	{
		"vat", `^[A-Z]{2}[0-9]{9}$`,
		[]Property{
			{Name: "vat_number"}, {Name: "vatId"},
		},
	},
	{
		"date time", `^202[5-7]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$`,
		[]Property{
			{Name: "created_at"}, {Name: "createdAt"}, {Name: "updated_at"}, {Name: "updatedAt"}, {Name: "created"},
			{Name: "updated"}, {Name: "last_login_at"}, {Name: "deletedAt"}, {Name: "completed_at"},
			{Name: "published_at"}, {Name: "expires_at"}, {Name: "timestamp"}, {Name: "synced_at"}, {Name: "lastSeen"},
			{Name: "startTime"}, {Name: "end_time"}, {Name: "sent_at"}, {Name: "created", Format: "date-time"},
			{Name: "valid_until"}, {Name: "issuedAt"}, {Name: "reviewedAt"},
		},
	},
	{
		"date", `^(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]$`,
		[]Property{
			{Name: "start_date"}, {Name: "endDate"}, {Name: "due_date"}, {Name: "release_date"}, {Name: "hire_date"},
			{Name: "date", Format: "date"}, {Name: "birthDate", Format: "date"}, {Name: "date"}, {Name: "expiry_date"},
			{Name: "registrationDate"}, {Name: "order_date"}, {Name: "created_on"},
		},
	},
	{
		"clock", `^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$`,
		[]Property{
			{Name: "opens", Format: "time"}, {Name: "start_time", Format: "time"},
		},
	},
	{
		"unix", `^17[3-9][0-9]{7}$|^18[0-2][0-9]{7}$`,
		[]Property{
			{Name: "created", Type: Integer}, {Name: "created_at", Type: Integer}, {Name: "updatedAt", Type: Integer},
			{Name: "expires_at", Type: Integer}, {Name: "timestamp", Type: Integer},
			{Name: "start_time", Type: Integer}, {Name: "exp_time", Type: Integer}, {Name: "started_at", Type: Number},
		},
	},
	{
		"millis", `^17[3-9][0-9]{10}$`,
		[]Property{
			{Name: "created_ms", Type: Integer},
			{Name: "timestamp", Description: "Milliseconds since the epoch", Type: Integer},
		},
	},
	{
		"year", `^2025$`,
		[]Property{
			{Name: "year", Type: Integer}, {Name: "publication_year", Type: Integer},
			{Name: "fiscal_year", Type: Integer}, {Name: "year"},
		},
	},
	{
		"month", `^([1-9]|1[0-2])$`,
		[]Property{
			{Name: "month", Type: Integer},
		},
	},
	{
		"weekday", `^[A-Z][a-z]+day$`,
		[]Property{
			{Name: "weekday"}, {Name: "dayOfWeek"}, {Name: "day_of_week"},
		},
	},
	{
		"age", `^(1[89]|[2-7][0-9])$`,
		[]Property{
			{Name: "age", Type: Integer}, {Name: "age", Parent: "user", Type: Integer}, {Name: "age", Type: Number},
		},
	},
	{
		"title", `^[A-Z0-9].{5,}$`,
		[]Property{
			{Name: "title"}, {Name: "title", Parent: "post"}, {Name: "title", Parent: "Article"}, {Name: "headline"},
			{Name: "subject"}, {Name: "issue_title"}, {Name: "title", Parent: "task"},
		},
	},
	{
		"name", `^[A-Z].{5,}$`,
		[]Property{
			{Name: "name"}, {Name: "project_thing_name"}, {Name: "item_thing_name"},
		},
	},
	{
		"prose", `(?s)^[A-Z].{10,}[.?!]$`,
		[]Property{
			{Name: "description"}, {Name: "summary"}, {Name: "short_description"}, {Name: "details"},
			{Name: "overview"}, {Name: "excerpt"}, {Name: "body"}, {Name: "content"}, {Name: "notes"},
			{Name: "comment"}, {Name: "message"}, {Name: "review_text"}, {Name: "note"}, {Name: "remarks"},
			{Name: "text"}, {Name: "question"}, {Name: "answer"}, {Name: "instructions"}, {Name: "caption"},
			{Name: "disclaimer"}, {Name: "description", Parent: "product"},
		},
	},
	{
		"html", `^<h1>.+</p>$`,
		[]Property{
			{Name: "html"}, {Name: "html_body"}, {Name: "body_html"}, {Name: "description_html"},
		},
	},
	{
		"markdown", `(?s)^# .+\n\n`,
		[]Property{
			{Name: "markdown"}, {Name: "readme"}, {Name: "body_markdown"},
		},
	},
	{
		"reason", `^[A-Z].{8,}$`,
		[]Property{
			{Name: "reason"}, {Name: "cancellation_reason"},
		},
	},
	{
		"error message", `^[A-Z].+\.$`,
		[]Property{
			{Name: "error_message"}, {Name: "errorMessage"}, {Name: "message", Parent: "error"},
		},
	},
	{
		"error code", `^[a-z_]+$`,
		[]Property{
			{Name: "error_code"}, {Name: "errorCode"}, {Name: "code", Parent: "error"},
		},
	},
	{
		"tag", `^[a-z-]{2,16}$`,
		[]Property{
			{Name: "tag"}, {Name: "tags"}, {Name: "keywords"}, {Name: "hashtags"},
		},
	},
	{
		"slug", `^[a-z0-9]+(-[a-z0-9]+)+$`,
		[]Property{
			{Name: "slug"}, {Name: "post_slug"}, {Name: "urlSlug"},
		},
	},
	{
		"status", `^(active|pending|completed|in_progress|open|draft)$`,
		[]Property{
			{Name: "status"}, {Name: "task_status"}, {Name: "jobStatus"},
		},
	},
	{
		"priority", `^(high|medium|low|normal|urgent)$`,
		[]Property{
			{Name: "priority"},
		},
	},
	{
		"severity", `^(low|warning|minor|major|critical)$`,
		[]Property{
			{Name: "severity"},
		},
	},
	{
		"visibility", `^(public|private|internal|team)$`,
		[]Property{
			{Name: "visibility"},
		},
	},
	{
		"role", `^[a-z]+$`,
		[]Property{
			{Name: "role"}, {Name: "roles"},
		},
	},
	{
		"scope", `^[a-z_:]+$`,
		[]Property{
			{Name: "scope"}, {Name: "scopes"},
		},
	},
	{
		"permission", `^[a-z]+$`,
		[]Property{
			{Name: "permissions"},
		},
	},
	{
		"environment", `^[a-z]+$`,
		[]Property{
			{Name: "environment"},
		},
	},
	{
		"sort order", `^(asc|desc)$`,
		[]Property{
			{Name: "sort_order"}, {Name: "direction"}, {Name: "sortDirection"},
		},
	},
	{
		"http method", `^(GET|POST|PUT|PATCH|DELETE)$`,
		[]Property{
			{Name: "http_method"}, {Name: "method"}, {Name: "requestMethod"},
		},
	},
	{
		"protocol", `^[a-z]+$`,
		[]Property{
			{Name: "protocol"}, {Name: "scheme"},
		},
	},
	{
		"event type", `^[a-z]+\.[a-z]+$`,
		[]Property{
			{Name: "event_type"}, {Name: "events"}, {Name: "webhook_event"},
		},
	},
	{
		"unit", `^[a-z]+$`,
		[]Property{
			{Name: "unit"}, {Name: "unit_of_measure"}, {Name: "uom"},
		},
	},
	{
		"url", `^https://[a-z0-9.-]+\.example(\.com)?(/|$)`,
		[]Property{
			{Name: "url"}, {Name: "uri"}, {Name: "link"}, {Name: "href"}, {Name: "permalink"}, {Name: "web_url"},
			{Name: "redirect_uri"}, {Name: "html_url"}, {Name: "self"}, {Name: "next_page_url"}, {Name: "return_url"},
			{Name: "api_url"}, {Name: "callbackUrl"}, {Name: "webhook_url"}, {Name: "documentation_url"},
			{Name: "thing", Format: "uri"}, {Name: "image_url"}, {Name: "thumbnailUrl"}, {Name: "logo"},
			{Name: "icon_url"}, {Name: "download_url"}, {Name: "video_url"}, {Name: "self", Parent: "links"},
			{Name: "anything_url"}, {Name: "other_uri"},
		},
	},
	{
		"image url", `^https://images\.example\.com/.+\.png$`,
		[]Property{
			{Name: "image"}, {Name: "image_url"}, {Name: "photo_url"}, {Name: "logo_url"}, {Name: "cover_image"},
			{Name: "thumbnail"},
		},
	},
	{
		"hostname", `^[a-z0-9.-]+\.example\.(com|net|org)$`,
		[]Property{
			{Name: "host"}, {Name: "hostname"}, {Name: "server_name"},
		},
	},
	{
		"ipv 4", `^(192\.0\.2|198\.51\.100|203\.0\.113)\.[0-9]{1,3}$`,
		[]Property{
			{Name: "ip"}, {Name: "ip_address"}, {Name: "ipAddress"}, {Name: "client_ip"}, {Name: "remote_addr"},
		},
	},
	{
		"ipv 6", `^2001:db8(:[0-9a-f]{4}){6}$`,
		[]Property{
			{Name: "ipv6"}, {Name: "ipv6_address"}, {Name: "address", Format: "ipv6"},
		},
	},
	{
		"mac", `^([0-9a-f]{2}:){5}[0-9a-f]{2}$`,
		[]Property{
			{Name: "mac"}, {Name: "mac_address"},
		},
	},
	{
		"port", `^[0-9]{2,4}$`,
		[]Property{
			{Name: "port", Type: Integer}, {Name: "server_port", Type: Integer},
		},
	},
	{
		"user agent", `^(Mozilla/5\.0|curl/)`,
		[]Property{
			{Name: "user_agent"}, {Name: "userAgent"},
		},
	},
	{
		"http status", `^200$`,
		[]Property{
			{Name: "http_status", Type: Integer}, {Name: "status_code", Type: Integer},
			{Name: "statusCode", Type: Integer},
		},
	},
	{
		"mime type", `^(application|image|text)/[a-z.-]+$`,
		[]Property{
			{Name: "mime_type"}, {Name: "mimeType"}, {Name: "content_type"}, {Name: "contentType"},
		},
	},
	{
		"path", `^/[a-z]+/[a-z0-9-]+$`,
		[]Property{
			{Name: "url_path"}, {Name: "request_path"},
		},
	},
	{
		"etag", `^"[0-9a-f]{32}"$`,
		[]Property{
			{Name: "etag"}, {Name: "eTag"},
		},
	},
	{
		"jwt", `^eyJ[A-Za-z0-9]+\.eyJ[A-Za-z0-9+/]+\.[A-Za-z0-9]+$`,
		[]Property{
			{Name: "jwt"}, {Name: "id_token"},
		},
	},
	{
		"token", `^tok_example_[A-Za-z0-9]{24}$`,
		[]Property{
			{Name: "token"}, {Name: "access_token"}, {Name: "refreshToken"},
		},
	},
	{
		"api key", `^key_example_`,
		[]Property{
			{Name: "api_key"}, {Name: "apiKey"},
		},
	},
	{
		"secret", `^secret_example_`,
		[]Property{
			{Name: "client_secret"}, {Name: "webhook_secret"},
		},
	},
	{
		"password", `^[A-Z][a-z]+-[A-Z][a-z]+-[0-9]{2}!$`,
		[]Property{
			{Name: "password"}, {Name: "new_password"},
		},
	},
	{
		"otp", `^[0-9]{6}$`,
		[]Property{
			{Name: "otp"}, {Name: "verification_code"}, {Name: "pin_code"},
		},
	},
	{
		"uuid", `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
		[]Property{
			{Name: "uuid"}, {Name: "guid"}, {Name: "id", Format: "uuid"}, {Name: "id"}, {Name: "order_id"},
			{Name: "customerId"}, {Name: "userID"}, {Name: "user_id", Format: "uuid"}, {Name: "request_id"},
		},
	},
	{
		"ulid", `^01[0-9A-HJKMNP-TV-Z]{24}$`,
		[]Property{
			{Name: "ulid"}, {Name: "id", Description: "A ULID"},
		},
	},
	{
		"object id", `^[0-9a-f]{24}$`,
		[]Property{
			{Name: "object_id", Format: "objectid"}, {Name: "mongo_id"},
		},
	},
	{
		"int id", `^[1-9][0-9]{3,4}$`,
		[]Property{
			{Name: "id", Type: Integer}, {Name: "user_id", Type: Integer}, {Name: "parentId", Type: Integer},
			{Name: "orderId", Type: Integer},
		},
	},
	{
		"sha 1", `^[0-9a-f]{40}$`,
		[]Property{
			{Name: "commit_sha"}, {Name: "sha"}, {Name: "commitSha"}, {Name: "commit_id"},
		},
	},
	{
		"sha 2 5 6", `^[0-9a-f]{64}$`,
		[]Property{
			{Name: "sha256"}, {Name: "content_hash"},
		},
	},
	{
		"md 5", `^[0-9a-f]{32}$`,
		[]Property{
			{Name: "md5"}, {Name: "checksum"},
		},
	},
	{
		"digest", `^sha256:[0-9a-f]{64}$`,
		[]Property{
			{Name: "digest"}, {Name: "image_digest"},
		},
	},
	{
		"base 6 4", `^[A-Za-z0-9+/]+={0,2}$`,
		[]Property{
			{Name: "base64"}, {Name: "data", Format: "byte"},
		},
	},
	{
		"vin", `^[A-HJ-NPR-Z0-9]{17}$`,
		[]Property{
			{Name: "vin"},
		},
	},
	{
		"imei", `^[0-9]{15}$`,
		[]Property{
			{Name: "imei"},
		},
	},
	{
		"serial", `^SN[A-Z]{2}-[0-9]{4}-[0-9]{4}$`,
		[]Property{
			{Name: "serial_number"},
		},
	},
	{
		"tracking", `^1Z[0-9]{12}$`,
		[]Property{
			{Name: "tracking_number"},
		},
	},
	{
		"plate", `^[A-Z]{3}-[0-9]{4}$`,
		[]Property{
			{Name: "license_plate"},
		},
	},
	{
		"file name", `^[a-z0-9-]+\.[a-z]{3,4}$`,
		[]Property{
			{Name: "file_name"}, {Name: "filename"}, {Name: "fileName"}, {Name: "name", Parent: "file"},
			{Name: "attachment_name"},
		},
	},
	{
		"file path", `^/.+/[a-z0-9-]+\.[a-z]{3,4}$`,
		[]Property{
			{Name: "file_path"}, {Name: "filePath"},
		},
	},
	{
		"extension", `^[a-z]{3,4}$`,
		[]Property{
			{Name: "extension"}, {Name: "file_extension"},
		},
	},
	{
		"bytes", `^[0-9]{4,7}$`,
		[]Property{
			{Name: "size", Type: Integer}, {Name: "file_size", Type: Integer}, {Name: "size_bytes", Type: Integer},
			{Name: "content_length", Type: Integer},
		},
	},
	{
		"pixels", `^[0-9]{3,4}$`,
		[]Property{
			{Name: "width", Type: Integer}, {Name: "height", Type: Integer}, {Name: "image_width", Type: Integer},
		},
	},
	{
		"branch", `^[a-z0-9/.-]+$`,
		[]Property{
			{Name: "branch"}, {Name: "branch_name"}, {Name: "default_branch"},
		},
	},
	{
		"repo", `^[a-z-]+$`,
		[]Property{
			{Name: "repo_name"}, {Name: "repository"},
		},
	},
	{
		"repo full", `^[a-z-]+/[a-z-]+$`,
		[]Property{
			{Name: "repo_full_name"}, {Name: "full_name", Parent: "repository"},
		},
	},
	{
		"version", `^[0-9]+\.[0-9]+\.[0-9]+$`,
		[]Property{
			{Name: "version"}, {Name: "app_version"}, {Name: "apiVersion"},
		},
	},
	{
		"license", `^[A-Z][A-Za-z0-9.-]+$`,
		[]Property{
			{Name: "license"}, {Name: "license_name"},
		},
	},
	{
		"language 2", `^[A-Z]`,
		[]Property{
			{Name: "programming_language"},
		},
	},
	{
		"percent", `^([0-9]|[1-9][0-9]|100)$`,
		[]Property{
			{Name: "percent", Type: Number}, {Name: "percentage", Type: Integer}, {Name: "progress", Type: Integer},
			{Name: "discount_percentage", Type: Number},
		},
	},
	{
		"fraction", `^(0\.[0-9]{2}|1\.00)$`,
		[]Property{
			{Name: "probability", Type: Number}, {Name: "confidence", Type: Number}, {Name: "ratio", Type: Number},
		},
	},
	{
		"rating", `^[1-5]\.[0-9]$`,
		[]Property{
			{Name: "rating", Type: Number}, {Name: "average_rating", Type: Number},
			{Name: "stars_rating", Type: Number},
		},
	},
	{
		"count", `^[0-9]{1,2}$`,
		[]Property{
			{Name: "count", Type: Integer}, {Name: "comments_count", Type: Integer}, {Name: "likes", Type: Integer},
			{Name: "stock", Type: Integer}, {Name: "num_items", Type: Integer}, {Name: "follower_count", Type: Integer},
			{Name: "unread_count", Type: Integer},
		},
	},
	{
		"total count", `^[0-9]{2,3}$`,
		[]Property{
			{Name: "total_count", Type: Integer}, {Name: "total", Type: Integer}, {Name: "totalItems", Type: Integer},
			{Name: "total_results", Type: Integer},
		},
	},
	{
		"page", `^1$`,
		[]Property{
			{Name: "page", Type: Integer}, {Name: "page_number", Type: Integer}, {Name: "currentPage", Type: Integer},
		},
	},
	{
		"page size", `^[1-9][0-9]{1,2}$`,
		[]Property{
			{Name: "per_page", Type: Integer}, {Name: "page_size", Type: Integer}, {Name: "pageSize", Type: Integer},
			{Name: "limit", Type: Integer},
		},
	},
	{
		"offset", `^0$`,
		[]Property{
			{Name: "offset", Type: Integer},
		},
	},
	{
		"duration", `^[1-9][0-9]+$`,
		[]Property{
			{Name: "duration", Type: Integer}, {Name: "duration_seconds", Type: Integer},
			{Name: "timeout", Type: Integer}, {Name: "expires_in", Type: Integer},
		},
	},
	{
		"temperature", `^[0-9]{1,2}\.[0-9]$`,
		[]Property{
			{Name: "temperature", Type: Number}, {Name: "temp", Type: Number},
		},
	},
	{
		"weight", `^[0-9]{1,2}\.[0-9]{2}$`,
		[]Property{
			{Name: "weight", Type: Number}, {Name: "package_weight", Type: Number},
		},
	},
	{
		"length", `^[0-9]+\.[0-9]$`,
		[]Property{
			{Name: "length", Type: Number},
		},
	},
	{
		"distance", `^[0-9]+\.[0-9]$`,
		[]Property{
			{Name: "distance", Type: Number},
		},
	},
	{
		"speed", `^[0-9]+\.[0-9]$`,
		[]Property{
			{Name: "wind_speed", Type: Number},
		},
	},
	{
		"humidity", `^[3-8][0-9]$`,
		[]Property{
			{Name: "humidity", Type: Number},
		},
	},
	{
		"cron", `^[0-9*/, -]+$`,
		[]Property{
			{Name: "cron"}, {Name: "cron_expression"},
		},
	},
	{
		"animal", `^[a-z]+$`,
		[]Property{
			{Name: "animal"}, {Name: "species"},
		},
	},
	{
		"breed", `^[A-Z]`,
		[]Property{
			{Name: "breed"},
		},
	},
	{
		"pet name", `^[A-Z][a-z]+$`,
		[]Property{
			{Name: "name", Parent: "pet"},
		},
	},
	{
		"food", `^[A-Z]`,
		[]Property{
			{Name: "dish"}, {Name: "ingredient"},
		},
	},
	{
		"car", `^[A-Z]`,
		[]Property{
			{Name: "vehicle_model"},
		},
	},
	{
		"car maker", `^[A-Z]`,
		[]Property{
			{Name: "vehicle_make"},
		},
	},
	{
		"book", `^[A-Z]`,
		[]Property{
			{Name: "title", Parent: "book"},
		},
	},
	{
		"movie", `^[A-Z]`,
		[]Property{
			{Name: "title", Parent: "movie"},
		},
	},
	{
		"song", `^[A-Z]`,
		[]Property{
			{Name: "song_title"},
		},
	},
	{
		"genre", `^[A-Z]`,
		[]Property{
			{Name: "genre"},
		},
	},
	{
		"airport", `^[A-Z]{3}$`,
		[]Property{
			{Name: "airport_code"},
		},
	},
	{
		"flight", `^XX[0-9]{4}$`,
		[]Property{
			{Name: "flight_number"},
		},
	},
	{
		"weather", `^[a-z ]+$`,
		[]Property{
			{Name: "weather_condition"},
		},
	},
	{
		"team name", `^[A-Z][a-z]+ [A-Z][a-z]+$|^[A-Z]`,
		[]Property{
			{Name: "name", Parent: "team"}, {Name: "team_name"},
		},
	},
	{
		"project name", `^[A-Z][A-Za-z]+( [A-Za-z]+)+$`,
		[]Property{
			{Name: "name", Parent: "project"},
		},
	},
	{
		"file mime", `^[a-z]+/[a-z.-]+$`,
		[]Property{
			{Name: "content_type", Parent: "file"},
		},
	},
	{
		"plan name", `^[A-Z][a-z]+$`,
		[]Property{
			{Name: "plan"}, {Name: "plan_name"},
		},
	},
	{
		"word 3", `^[a-z ]+$`,
		[]Property{
			{Name: "summary", Parent: "weather"},
		},
	},
}
