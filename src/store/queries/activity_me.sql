SELECT c.id FROM main.contacts c WHERE c.is_me = 1
