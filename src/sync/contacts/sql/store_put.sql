INSERT INTO main.address_book_stores (path) VALUES (:path) ON CONFLICT (path) DO NOTHING
