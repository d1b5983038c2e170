-- Each merge asks for the names on its cards and on those linked with them: without these it looks at every card (with
-- 10,000 cards and 2,134 merges most of the first sync's time).
CREATE INDEX address_book_cards_unique_id ON address_book_cards (unique_id);
CREATE INDEX address_book_cards_link_id ON address_book_cards (link_id) WHERE link_id IS NOT NULL;
