# Shop
#
# Set these first:
#   token=…
#   count=…

# Orders / List orders
curl 'https://api.shop.example/v1/orders?page=1&size=20&tag=a&tag=b' \
  -H 'Authorization: Bearer '"${token}" \
  -H 'Accept: application/json' \
  -H 'X-Trace: abc' \
  -H 'User-Agent: shop/1'

# Orders / Create an order
curl 'https://api.shop.example/v1/orders' \
  -H 'Authorization: Bearer '"${token}" \
  -H 'Content-Type: application/json' \
  --data-raw '{"sku": "a", "count": '"${count}"', "email": "a@shop.example" /* the buyer */}'

# Orders / Get an order
curl 'https://api.shop.example/v1/orders/1042' \
  -H 'Authorization: Bearer '"${token}"

# Orders / Invoice
curl 'https://api.shop.example/v1/orders/7/invoice.pdf?k=v'

# Public / Shelf of {{kind}}
curl 'https://api.shop.example/v1/shelves/books'

# Public / Sign in
curl 'https://login.shop.example/token' \
  --data-urlencode 'user=ann' \
  --data-urlencode 'remember=true'

# Public / Upload
curl -X PUT 'https://api.shop.example/v1/files/3fa85f64-5717-4562-b3fc-2c963f66afa6' \
  -F 'file=@"cat.png";type=image/png' \
  --form-string 'title=A cat'\''s'

# Public / Ask
curl 'https://api.shop.example/v1/graphql' \
  -H 'Content-Type: application/json' \
  --data-raw '{"query":"{ shop { name } }","variables":{"first":3}}'
