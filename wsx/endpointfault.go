package wsx

import "fmt"

// fault says which options of an endpoint make no sense together, and what to give instead;
// empty if all do.
func (s *settings) fault(server *Server) string {
	switch {
	case s.mirror != nil || s.mirrors.given:
		return s.mirrorFault()
	case s.actor != nil && len(s.accept) > 0:
		return "what clients say goes to the actor or into topics: use Push in place of Room, and no Accept, beside Actor"
	case s.actor == nil && len(s.actors.json) > 0:
		return "JSONMessage makes messages for the rules of an actor: add Actor, or leave it out"
	case s.actor == nil && s.actors.loginTimeout > 0:
		return "LoginTimeout looks at the state of an actor: add Actor, or leave it out; AuthTimeout is for calls"
	case s.replay > 0 && len(s.push) == 0:
		return "Replay has no topics to begin with: add Push or Room"
	case s.excludeSender && s.actor == nil && s.api == nil && len(s.accept) == 0:
		return "ExcludeSender has no effect where clients send nothing into topics: add Accept or Room, or leave it out"
	case s.refuseOthers && s.actor == nil && len(s.accept) > 0:
		return "RefuseMessages has no effect where topics take every message: leave it out, or leave Accept and Room out"
	case s.api == nil && (s.credentials != nil || s.keep):
		return "Credentials and KeepCredentials are for calls, and nobody would check them: add Calls, or authenticate in middleware before the endpoint"
	case s.api != nil && s.rate.perSecond > 0 && s.rate.over == DropOver:
		return "MessageRate with DropOver would leave calls without an answer: give CloseOver, or limit the API with mw.RateLimit"
	}
	return s.topicFault(server)
}

// mirrorFault says what does not go with mirrors.
func (s *settings) mirrorFault() string {
	switch {
	case s.mirror == nil:
		return "the options MirrorAuth, MirrorIdentity, MirrorTenant, MirrorCodecs, MirrorOutbox and FlushEvery are for mirrors: make the endpoint with Mirror, or leave them out"
	case s.api != nil || s.actor != nil || len(s.push)+len(s.accept) > 0:
		return "an endpoint of Mirror has no Calls, topics or Actor: make another one for those"
	case s.replay > 0 || s.excludeSender || s.refuseOthers || len(s.actors.json) > 0 || s.actors.loginTimeout > 0:
		return "Replay, ExcludeSender, RefuseMessages, JSONMessage and LoginTimeout have no effect on mirrors: leave them out"
	case s.queue.slow.kind != slowClose:
		return "OnSlow is for topics: say in MirrorOutbox what becomes of mirrors"
	case s.keep:
		return "KeepCredentials is for calls, which mirrors have none of: leave it out"
	case (s.credentials != nil) != (s.mirrors.auth != nil):
		return "on mirrors MirrorAuth checks what Credentials find: give both, or neither"
	case s.mirrors.auth != nil && !s.mirrors.auth.NeedsAuth():
		return "the API of MirrorAuth knows nobody: build it with Auth, or leave MirrorAuth out"
	case s.mirrors.auth != nil && s.mirrors.identity != nil:
		return "MirrorAuth and MirrorIdentity both say who connects: give one of them"
	case s.rate.perSecond > 0 && s.rate.over == DropOver:
		return "MessageRate with DropOver would leave proposals without an answer: give CloseOver"
	}
	return ""
}

// topicFault says which topic is not for the endpoint.
func (s *settings) topicFault(server *Server) string {
	for _, topics := range [][]*Topic{s.push, s.accept} {
		for _, t := range topics {
			if t.server != server {
				return fmt.Sprintf("topic %q belongs to another Server than the endpoint: make both with NewTopic and New of the same one", t.name)
			}
		}
	}
	return ""
}
