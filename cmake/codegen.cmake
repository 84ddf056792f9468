# From config/dictionary/*.dia to C++: the typed messages and the embedded name tables.
function(add_dictionary_codegen)
endfunction()
