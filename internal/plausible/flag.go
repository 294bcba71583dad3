package plausible

// yesOrNo is whether a boolean of that name is usually true. Every name is at
// least a Maybe.
func yesOrNo(name *key) Meaning {
	if name.words == 0 {
		return Maybe
	}
	negated := false
	verdict := Maybe
	for i := 0; i < name.words; i++ {
		w := string(name.word(i))
		if w == "not" || w == "non" || w == "no" || w == "without" || w == "un" {
			negated = true
			continue
		}
		if seen, ok := flags[w]; ok && verdict != No {
			verdict = seen
		}
	}
	if verdict == Maybe {
		switch string(name.word(0)) {
		case "can", "allow", "allows", "supports", "support", "enable", "enables":
			verdict = Yes
		case "has":
			if string(name.last()) != "more" {
				verdict = Yes
			}
		}
	}
	if string(name.last()) == "more" || string(name.last()) == "next" {
		return No
	}
	if negated {
		switch verdict {
		case Yes:
			return No
		case No:
			return Yes
		}
	}
	return verdict
}

var flags = map[string]Meaning{
	"active": Yes, "enabled": Yes, "available": Yes, "valid": Yes, "verified": Yes, "visible": Yes, "success": Yes,
	"successful": Yes, "ok": Yes, "allowed": Yes, "confirmed": Yes, "live": Yes, "published": Yes, "accepted": Yes,
	"ready": Yes, "subscribed": Yes, "approved": Yes, "authenticated": Yes, "healthy": Yes, "online": Yes,
	"connected": Yes, "passed": Yes, "paid": Yes, "delivered": Yes, "livemode": Yes, "mergeable": Yes, "stock": Yes,
	"supported": Yes, "complete": Yes, "authorized": Yes, "granted": Yes, "eligible": Yes, "editable": Yes,

	"deleted": No, "archived": No, "error": No, "disabled": No, "hidden": No, "locked": No, "suspended": No,
	"expired": No, "cancelled": No, "canceled": No, "failed": No, "spam": No, "draft": No, "test": No,
	"sandbox": No, "deprecated": No, "blocked": No, "banned": No, "bot": No, "truncated": No, "muted": No,
	"trashed": No, "revoked": No, "refunded": No, "inactive": No, "dead": No, "paused": No, "deaf": No, "mute": No,
	"disable": No, "removed": No, "nsfw": No, "invalid": No, "stale": No, "dirty": No, "readonly": No, "debug": No,
	"fraud": No, "disputed": No, "flagged": No, "overdue": No, "rejected": No, "errored": No, "ephemeral": No,
	"force": No, "dismissed": No, "unavailable": No, "incomplete": No, "expire": No, "killed": No, "restarting": No,
	"only": No, "template": No, "fork": No, "voided": No, "void": No, "discontinued": No, "delete": No, "skip": No,
	"unsubscribed": No, "bounced": No, "offline": No, "disconnected": No, "partial": No, "oom": No, "private": No,
}
