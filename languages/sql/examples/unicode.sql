SELECT '«' || line || '»' FROM input;
