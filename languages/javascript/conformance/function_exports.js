'use strict';
const twice = (text) => text + text;
module.exports = async (input_str) => twice(input_str);
