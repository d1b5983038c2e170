SELECT id, name, name_source, nickname, organization, is_me, user_name FROM main.contacts ORDER BY id
