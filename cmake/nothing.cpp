// A library of precompiled headers alone needs a source.
