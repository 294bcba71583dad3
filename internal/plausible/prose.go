package plausible

// This file is on the hot path: nothing here allocates.

func (s *Subject) topic() *topic { return &topics[below(s.draw(Title, 0), len(topics))] }

func (s *Subject) tag(salt uint64) string {
	if mix(salt)&1 == 0 {
		return s.topic().tag1
	}
	return s.topic().tag2
}

// prose is the text of b if it is a whole string of a table, else "".
func (s *Subject) prose(b Meaning, salt uint64) string {
	switch b {
	case Title, Name:
		return s.topic().title
	case Description, Summary:
		return s.topic().summary
	}
	if facts[b].kind != kindProse {
		return ""
	}
	r := s.draw(b, salt)
	switch b {
	case Message, Comment:
		return pick(r, messages)
	case Note:
		return pick(r, notes)
	case Review:
		return pick(r, reviews)
	case Question:
		return pick(r, questions)
	case Answer:
		return pick(r, answers)
	case Instruction:
		return pick(r, instructions)
	case Sentence:
		return pick(r, sentences)
	}
	return ""
}

func (s *Subject) appendProse(dst []byte, b Meaning, salt uint64) []byte {
	r := s.draw(b, salt)
	t := s.topic()
	switch b {
	case HTMLBody:
		dst = append(append(dst, "<h1>"...), t.title...)
		dst = append(append(dst, "</h1><p>"...), t.summary...)
		dst = append(append(dst, "</p><p>"...), pick(r, sentences)...)
		return append(dst, "</p>"...)
	case MarkdownBody:
		dst = append(append(dst, "# "...), t.title...)
		dst = append(append(dst, "\n\n"...), t.summary...)
		dst = append(append(dst, "\n\n- "...), pick(r, sentences)...)
		return append(append(dst, "\n- "...), pick(mix(r), sentences)...)
	case Body:
		dst = append(append(dst, t.summary...), ' ')
		i := below(r, len(sentences))
		dst = append(append(dst, sentences[i]...), ' ')
		return append(dst, sentences[(i+1+below(mix(r), len(sentences)-1))%len(sentences)]...)
	}
	return s.appendWords(dst, 3, salt)
}
