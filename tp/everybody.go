package tp

// Everybody makes every caller the given one: handlers get identity from [Identity], and
// no credentials are asked for, looked up or checked. It takes the place of what [Auth]
// would do, wherever that is given, and leaves the schema as it is; an API that has no Auth
// needs none then. Functions that are [Public] have no identity, as ever; with a nil identity no
// function has one, and [Identity] reports false. Of several Everybody the last counts.
//
// It is for tests and for programs on the machine of a developer.
func Everybody(identity any) Option {
	return optionFunc(func(s *settings) { s.everybody = &everybody{identity} })
}

// everybody is who sends all requests.
type everybody struct{ identity any }
